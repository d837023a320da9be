using System.Collections.Immutable;
using System.Text;

namespace Fairlead.Versioning;

/// <summary>
/// A commit message as Conventional Commits 1.0.0 reads it. Any text is accepted: one that does not follow the convention has no
/// <see cref="Type"/>, and its first line is the description.
/// </summary>
public sealed record ConventionalCommit
{
    const string BreakingChange = "BREAKING CHANGE";

    /// <summary>The type in lower case (<c>feat</c>), or null when the message does not follow the convention.</summary>
    public string? Type { get; init; }

    /// <summary>The scope as written, or null.</summary>
    public string? Scope { get; init; }

    /// <summary>What the commit did, in one line.</summary>
    public required string Description { get; init; }

    /// <summary>The paragraphs between the first line and the footers; often empty.</summary>
    public string Body { get; init; } = "";

    /// <summary>The footers, in their order.</summary>
    public ImmutableArray<CommitFooter> Footers { get; init; } = [];

    /// <summary>Whether the type carries an exclamation mark.</summary>
    public bool HasBreakingMark { get; init; }

    /// <summary>Whether users have to change something: marked with <c>!</c>, or with a footer that says what.</summary>
    public bool IsBreaking => HasBreakingMark || Footers.Any(x => x.Token == BreakingChange);

    /// <summary>What the <c>BREAKING CHANGE</c> footers say, or null when there is none.</summary>
    public string? Migration => Footers.Any(x => x.Token == BreakingChange)
        ? string.Join('\n', Footers.Where(x => x.Token == BreakingChange).Select(x => x.Value)).Trim()
        : null;

    /// <summary>Reads a message. Never fails.</summary>
    public static ConventionalCommit Parse(string message)
    {
        var lines = message.ReplaceLineEndings("\n").Trim().Split('\n').Select(x => x.TrimEnd()).ToArray();
        var footersFrom = FindFooters(lines);
        return Header(lines[0].Trim()) with
        {
            Body = string.Join('\n', lines.AsSpan(1..footersFrom)!).Trim('\n'),
            Footers = Footer(lines.AsSpan(footersFrom..)),
        };
    }

    /// <summary>The message in the form of the convention; reading it gives an equal commit.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Type is not null)
            text.Append(Type).Append(Scope is null ? "" : $"({Scope})").Append(HasBreakingMark ? "!" : "").Append(": ");
        text.Append(Description);
        if (Body.Length > 0)
            text.Append("\n\n").Append(Body);
        for (var i = 0; i < Footers.Length; i++)
            text.Append(i == 0 ? "\n\n" : "\n").Append(Footers[i].Token).Append(": ").Append(Footers[i].Value);
        return text.ToString();
    }

    /// <summary>Compares by content, footers included.</summary>
    public bool Equals(ConventionalCommit? other) =>
        other is not null && Type == other.Type && Scope == other.Scope && Description == other.Description && Body == other.Body
        && HasBreakingMark == other.HasBreakingMark && Footers.SequenceEqual(other.Footers);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Scope, Description, Body, HasBreakingMark, Footers.Length);

    static ConventionalCommit Header(string line)
    {
        var plain = new ConventionalCommit { Description = line };
        var at = 0;
        while (at < line.Length && (char.IsLetterOrDigit(line[at]) || line[at] is '-' or '_'))
            at++;
        if (at == 0)
            return plain;
        var type = line[..at];

        string? scope = null;
        if (at < line.Length && line[at] == '(')
        {
            var close = line.IndexOf(')', at);
            if (close < 0)
                return plain;
            scope = line[(at + 1)..close].Trim();
            if (scope.Length == 0 || scope.Contains('(', StringComparison.Ordinal))
                return plain;
            at = close + 1;
        }

        var breaking = at < line.Length && line[at] == '!';
        if (breaking)
            at++;
        if (!line.AsSpan(at).StartsWith(": "))
            return plain;
        var description = line[(at + 2)..].Trim();
        return description.Length == 0
            ? plain
            : new ConventionalCommit { Type = type.ToLowerInvariant(), Scope = scope, HasBreakingMark = breaking, Description = description };
    }

    /// <summary>
    /// The line at which the footers begin. They are the last paragraphs that each start with one; a <c>BREAKING CHANGE</c> is one
    /// wherever its line stands, because what it says often has paragraphs of its own, and to miss one is worse than to see one too many.
    /// </summary>
    static int FindFooters(string[] lines)
    {
        var from = lines.Length;
        for (var i = lines.Length - 1; i > 0; i--)
        {
            var startsParagraph = lines[i].Length > 0 && (i == 1 || lines[i - 1].Length == 0);
            if (!startsParagraph)
                continue;
            if (ReadFooter(lines[i]) is null)
                break;
            from = i;
        }

        var breaking = Array.FindIndex(lines, 1, x => ReadFooter(x)?.Token == BreakingChange);
        return breaking > 0 ? Math.Min(from, breaking) : from;
    }

    static ImmutableArray<CommitFooter> Footer(ReadOnlySpan<string> lines)
    {
        var footers = ImmutableArray.CreateBuilder<CommitFooter>();
        for (var start = 0; start < lines.Length;)
        {
            var next = start + 1;
            while (next < lines.Length && ReadFooter(lines[next]) is null)
                next++;
            var footer = ReadFooter(lines[start])!;
            footers.Add(next == start + 1 ? footer : footer with { Value = string.Join('\n', [footer.Value, .. lines[(start + 1)..next]]).TrimEnd() });
            start = next;
        }

        return footers.ToImmutable();
    }

    static CommitFooter? ReadFooter(string line)
    {
        var bare = WithoutBullet(line);
        foreach (var spelling in (ReadOnlySpan<string>)["BREAKING CHANGE:", "BREAKING-CHANGE:"])
        {
            if (bare.StartsWith(spelling))
                return new CommitFooter(BreakingChange, bare[spelling.Length..].Trim().ToString());
        }

        var at = 0;
        while (at < line.Length && (char.IsAsciiLetterOrDigit(line[at]) || line[at] == '-'))
            at++;
        var rest = line.AsSpan(at);
        if (at == 0 || !(rest.StartsWith(": ") || rest.StartsWith(" #")))
            return null;
        // The number sign belongs to the value: "Fixes #12" names issue #12.
        return new CommitFooter(line[..at], line[(rest[0] == ':' ? at + 2 : at + 1)..].Trim());
    }

    // Squash merges list the messages of their commits: "* BREAKING CHANGE: …".
    static ReadOnlySpan<char> WithoutBullet(string line) => line.Length > 2 && line[0] is '*' or '-' && line[1] == ' ' ? line.AsSpan(2).TrimStart() : line;
}
