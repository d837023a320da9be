using System.Text.RegularExpressions;

namespace Fairlead.Changelog;

/// <summary>A link reference definition (CommonMark 0.31, section 4.7): <c>[1.0.0]: address</c>, with the address in the same line or the next.</summary>
/// <param name="Start">Position of its first line.</param>
/// <param name="UrlLine">Position of the line with the address.</param>
/// <param name="Label">What stands in the brackets.</param>
/// <param name="Url">The address.</param>
sealed partial record LinkDefinition(int Start, int UrlLine, string Label, string Url)
{
    public static LinkDefinition? Parse(IReadOnlyList<FileLine> lines, int at)
    {
        var match = Definition().Match(lines[at].Text);
        if (!match.Success)
            return null;
        var label = match.Groups["label"].Value;
        if (match.Groups["url"].Value is { Length: > 0 } url)
            return new LinkDefinition(at, at, label, url);
        return at + 1 < lines.Count && lines[at + 1].IsText && Continued().Match(lines[at + 1].Text) is { Success: true } next ? new LinkDefinition(at, at + 1, label, next.Groups["url"].Value) : null;
    }

    [GeneratedRegex(@"\A {0,3}\[(?<label>[^\[\]]+)\]:[ \t]*(?<url>\S*)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Definition();

    [GeneratedRegex(@"\A[ \t]+(?<url>\S+)[ \t]*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Continued();
}
