using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>
/// Finds the issues, pull requests and work items that a message names. An action counts only directly before its reference, or before the first
/// of a list (<c>Fixes #1, #2 and #3</c>), which is how GitHub ("Linking a pull request to an issue") and GitLab ("Closing issues automatically") read it.
/// Takes time in proportion to the length of the text.
/// </summary>
public static class CommitReferences
{
    const int LongestNumber = 10;

    static readonly SearchValues<char> Signs = SearchValues.Create("#!-");

    static readonly FrozenSet<string> Actions = FrozenSet.ToFrozenSet(
        ["close", "closes", "closed", "closing", "fix", "fixes", "fixed", "fixing", "resolve", "resolves", "resolved", "resolving", "implement", "implements", "implemented", "implementing"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>All references, in their order, each once with the same action.</summary>
    /// <param name="text">A message, or a part of one.</param>
    /// <param name="keys">Finds keys of another tracker (<c>[A-Z]+-[0-9]+</c>); null: there are none.</param>
    /// <exception cref="UserErrorException">The pattern takes longer than its limit.</exception>
    public static ImmutableArray<CommitReference> Find(string text, Regex? keys = null)
    {
        List<(CommitReference Reference, int At)>? found = null;
        (int End, string? Action) previous = (-1, null);
        for (var at = Next(text, 0); at >= 0; at = Next(text, at + 1))
        {
            if (Read(text, at) is not var (kind, start, end))
                continue;
            var action = ActionBefore(text, start) ?? (previous.End >= 0 && IsListSeparator(text.AsSpan(previous.End..start)) ? previous.Action : null);
            previous = (end, action);
            var path = kind == ReferenceKind.WorkItem || text[at] == '-' ? "" : text[start..at];
            var slash = path.LastIndexOf('/');
            (found ??= []).Add((new CommitReference(
                kind, text[(at + 1)..end], slash > 0 ? path[..slash] : null, path.Length > 0 ? path[(slash + 1)..] : null, action), start));
        }

        if (keys is not null)
            AddKeys(text, keys, found ??= []);
        return found is null ? [] : [.. found.OrderBy(x => x.At).Select(x => x.Reference).Distinct()];
    }

    static int Next(string text, int from) => from < text.Length && text.AsSpan(from).IndexOfAny(Signs) is >= 0 and var at ? from + at : -1;

    /// <summary>The reference whose sign stands at a place: where it starts and ends.</summary>
    static (ReferenceKind Kind, int Start, int End)? Read(string text, int at)
    {
        var end = at + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]) && end - at <= LongestNumber)
            end++;
        if (end == at + 1 || !IsEnd(text, end))
            return null;

        var start = at;
        while (start > 0 && IsPathCharacter(text[start - 1]))
            start--;
        var path = text.AsSpan(start..at);
        var kind = text[at] switch
        {
            '-' when path.Equals("GH", StringComparison.OrdinalIgnoreCase) => ReferenceKind.Issue,
            '-' => (ReferenceKind?)null,
            '!' when path.IsEmpty || path.Contains('/') => ReferenceKind.MergeRequest,
            '!' => null,
            _ when path is "AB" => ReferenceKind.WorkItem,
            _ => ReferenceKind.Issue,
        };
        if (kind is null || (text[at] != '-' && !path.IsEmpty && kind != ReferenceKind.WorkItem && !IsRepository(path)))
            return null;
        if (IsLinkText(text, start, end))
            return null;
        // An address ("https://…"), an entity of HTML ("&#39;"), a longer word.
        return start > 0 && (text[start - 1] is ':' or '&' or '#' or '!' or '@' or '=' or '\\' || char.IsLetterOrDigit(text[start - 1])) && !EndsWithColon(text, start)
            ? null
            : (kind.Value, start, end);
    }

    // What is quoted from elsewhere, as in the notes of an updated dependency, links to where it came from: "[#12](…)", "<a …>#12</a>".
    static bool IsLinkText(string text, int start, int end) => start > 0 && end + 1 < text.Length
        && ((text[start - 1] == '[' && text[end] == ']' && text[end + 1] == '(') || (text[start - 1] == '>' && text[end] == '<' && text[end + 1] == '/'));

    // "Closes:#12", but not "https://…".
    static bool EndsWithColon(string text, int start) => text[start - 1] == ':' && text[start] != '/';

    static bool IsEnd(string text, int end) => end == text.Length
        || !(char.IsLetterOrDigit(text[end]) || text[end] is '_' or '/' || (text[end] is '.' or '-' && end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1])));

    static bool IsPathCharacter(char x) => char.IsAsciiLetterOrDigit(x) || x is '_' or '-' or '.' or '/';

    static bool IsRepository(ReadOnlySpan<char> path) => path[0] is not ('/' or '-') && path[^1] != '/' && !path.Contains("//", StringComparison.Ordinal);

    static string? ActionBefore(string text, int start)
    {
        var end = start;
        while (end > 0 && text[end - 1] == ' ')
            end--;
        if (end > 0 && text[end - 1] == ':')
            end--;
        var from = end;
        while (from > 0 && char.IsAsciiLetter(text[from - 1]) && end - from <= "implementing".Length)
            from--;
        if (from == end || (from > 0 && (char.IsLetterOrDigit(text[from - 1]) || text[from - 1] is '-' or '_' or '/')))
            return null;
        var word = text[from..end];
        return Actions.Contains(word) ? word.ToLowerInvariant() : null;
    }

    static bool IsListSeparator(ReadOnlySpan<char> between) => between.Length < 10 && !between.Contains('\n') && between.Trim() is "," or "and" or "&" or "," or ", and" or "";

    static void AddKeys(string text, Regex keys, List<(CommitReference Reference, int At)> found)
    {
        try
        {
            foreach (Match match in keys.Matches(text))
            {
                if (match.Length > 0)
                    found.Add((new CommitReference(ReferenceKind.Key, match.Value, Action: ActionBefore(text, match.Index)), match.Index));
            }
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new UserErrorException($"The pattern of issue keys '{keys}' takes too long on a commit message.", "Simplify it.", exception);
        }
    }
}
