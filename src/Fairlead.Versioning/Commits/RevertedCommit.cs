using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>
/// What a commit takes back: told by git's own <c>This reverts commit …</c>, by a first line <c>Revert "…"</c>, or by the type <c>revert</c> of
/// Conventional Commits with the ids in a footer (<c>Refs: 676104e, a215868</c>).
/// </summary>
/// <param name="Header">The first line of the commit that is taken back, or null when only its id is known.</param>
/// <param name="Ids">Its id as written, in lower case, at least seven digits; there may be several, or none.</param>
public sealed record RevertedCommit(string? Header, ImmutableArray<string> Ids)
{
    const int ShortestId = 7;
    const int LongestId = 64;
    const string Sentence = "This reverts commit ";

    /// <summary>What a message takes back; null when it takes back nothing.</summary>
    public static RevertedCommit? Find(string message, ConventionalCommit commit)
    {
        var header = Quoted(message) ?? (commit.Type == "revert" ? commit.Description.Trim('"') : null);
        var ids = ImmutableArray.CreateBuilder<string>();
        for (var at = message.IndexOf(Sentence, StringComparison.Ordinal); at >= 0; at = message.IndexOf(Sentence, at, StringComparison.Ordinal))
        {
            at += Sentence.Length;
            if (IdAt(message, at) is { } id)
                ids.Add(id);
        }

        if (commit.Type == "revert")
        {
            foreach (var footer in commit.Footers.Where(x => x.Token.Equals("Refs", StringComparison.OrdinalIgnoreCase)))
                ids.AddRange(footer.Value.Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(x => IdAt(x, 0)?.Length == x.Length).Select(x => x.ToLowerInvariant()));
        }

        return header is null && ids.Count == 0 ? null : new RevertedCommit(header, ids.ToImmutable());
    }

    // Revert "fix: x" (#12): the quotes inside may be any, so the last one ends it.
    static string? Quoted(string message)
    {
        const string Start = "Revert \"";
        if (!message.StartsWith(Start, StringComparison.OrdinalIgnoreCase))
            return null;
        var line = message.AsSpan(Start.Length);
        var end = line.IndexOfAny('\r', '\n');
        line = end < 0 ? line : line[..end];
        var quote = line.LastIndexOf('"');
        return quote > 0 ? line[..quote].ToString() : null;
    }

    static string? IdAt(string text, int at)
    {
        var end = at;
        while (end < text.Length && char.IsAsciiHexDigit(text[end]) && end - at <= LongestId)
            end++;
        return end - at is >= ShortestId and <= LongestId ? text[at..end].ToLowerInvariant() : null;
    }
}
