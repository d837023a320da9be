using System.Text.RegularExpressions;

namespace Fairlead.Changelog;

/// <summary>
/// Divides text into lines and code as CommonMark 0.31 does (sections 4.4 and 4.5), and writes it so that code keeps its indentation and cannot end early: all code becomes
/// fenced code, with a fence longer than any run of backticks inside. Besides, a line that ends with a colon may introduce indented code.
/// </summary>
static partial class MarkdownBlocks
{
    const int ShortestFence = 3;

    /// <param name="text">The text, lines ended in any way.</param>
    /// <param name="indent">What each line that is not empty begins with.</param>
    public static string Write(string text, string indent)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        List<string> written = [];
        for (var at = 0; at < lines.Length;)
        {
            if (OpeningFence().Match(lines[at]) is { Success: true } fence)
            {
                var end = EndOfFenced(lines, at + 1, fence.Groups["marks"].Value);
                AddCode(written, Unindented(lines[(at + 1)..end], fence.Groups["indent"].Length), fence.Groups["language"].Value);
                at = end + 1;
            }
            else if (IsIndented(lines[at]) && MayBeCode(written))
            {
                var end = EndOfIndented(lines, at);
                AddCode(written, [.. lines[at..end].Select(WithoutIndentation)], "");
                at = end;
            }
            else
            {
                written.Add(Markdown.Line(lines[at++]));
            }
        }

        return string.Join('\n', written.Select(x => x.Length == 0 ? "" : indent + x));
    }

    // After nothing, an empty line, other code, or what introduces it. A backtick begins no line but a fence: others are escaped.
    static bool MayBeCode(List<string> written) => written.Count == 0 || written[^1].Length == 0 || written[^1][0] == '`' || written[^1].EndsWith(':');

    static bool IsIndented(string line) => !string.IsNullOrWhiteSpace(line) && (line[0] == '\t' || line.StartsWith("    ", StringComparison.Ordinal));

    static string WithoutIndentation(string line) => line.StartsWith('\t') ? line[1..] : line[Math.Min(4, line.Length - line.AsSpan().TrimStart(' ').Length)..];

    static IEnumerable<string> Unindented(string[] lines, int indent) => lines.Select(x => x[Math.Min(indent, x.Length - x.AsSpan().TrimStart(' ').Length)..]);

    // Empty lines inside belong to it, those after it do not.
    static int EndOfIndented(string[] lines, int start)
    {
        var end = start;
        for (var i = start; i < lines.Length && (string.IsNullOrWhiteSpace(lines[i]) || IsIndented(lines[i])); i++)
        {
            if (IsIndented(lines[i]))
                end = i + 1;
        }

        return end;
    }

    static int EndOfFenced(string[] lines, int start, string marks)
    {
        for (var i = start; i < lines.Length; i++)
        {
            if (lines[i].AsSpan().Trim() is var line && line.Length >= marks.Length && line.IndexOfAnyExcept(marks[0]) < 0)
                return i;
        }

        return lines.Length;
    }

    static void AddCode(List<string> written, IEnumerable<string> code, string language)
    {
        string[] lines = [.. code.Select(Markdown.Code)];
        if (lines.All(x => x.Length == 0))
            return;
        var run = lines.Max(LongestRun);
        var fence = new string('`', Math.Max(ShortestFence, run + 1));
        written.AddRange([fence + language, .. lines, fence]);
    }

    static int LongestRun(string line)
    {
        var (longest, run) = (0, 0);
        foreach (var x in line)
        {
            run = x == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }

    [GeneratedRegex(@"\A(?<indent> {0,3})(?<marks>`{3,}(?=[^`]*\z)|~{3,})[ \t]*(?<language>[A-Za-z0-9+#-]*)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OpeningFence();
}
