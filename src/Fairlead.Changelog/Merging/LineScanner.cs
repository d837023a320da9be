using System.Text.RegularExpressions;

namespace Fairlead.Changelog;

/// <summary>
/// Tells code and comments from text (CommonMark 0.31, sections 4.5 fenced code blocks, 4.6 HTML blocks and 6.6 raw HTML). Only what begins a line hides the line
/// itself: an entry with a comment at its end is an entry.
/// </summary>
sealed partial class LineScanner
{
    const int DeepestFence = 3;

    readonly List<FileLine> _lines;
    readonly bool[] _closes;
    string? _fence;
    bool _inComment;
    bool _inEntry;

    LineScanner(List<FileLine> lines) => (_lines, _closes) = (lines, CommentEnds(lines));

    /// <summary>Marks each line with its kind.</summary>
    /// <returns>Position of the line that begins code or a comment which does not end, or null.</returns>
    public static int? Mark(List<FileLine> lines)
    {
        var scanner = new LineScanner(lines);
        int? opened = null;
        for (var i = 0; i < lines.Count; i++)
        {
            lines[i] = lines[i] with { Kind = scanner.Next(i) };
            opened = scanner._fence is null && !scanner._inComment ? null : opened ?? i;
        }

        return opened;
    }

    LineKind Next(int at)
    {
        var line = _lines[at].Text;
        if (_fence is not null)
        {
            if (ClosingFence().Match(line) is { Success: true } closing && closing.Groups["marks"].Value.StartsWith(_fence, StringComparison.Ordinal))
                _fence = null;
            return LineKind.Code;
        }

        if (_inComment)
        {
            _inComment = EndsInComment(line, true);
            return LineKind.Comment;
        }

        Enter(line);
        if (OpeningFence().Match(line) is { Success: true } opening && (_inEntry || opening.Groups["indent"].Value.Replace("\t", "    ", StringComparison.Ordinal).Length <= DeepestFence))
        {
            _fence = opening.Groups["marks"].Value;
            return opening.Groups["bullet"].Success ? LineKind.Text : LineKind.Code;
        }

        var beginsComment = line.AsSpan().TrimStart().StartsWith("<!--", StringComparison.Ordinal);
        _inComment = EndsInComment(line, false) && (beginsComment || (at + 1 < _closes.Length && _closes[at + 1]));
        return beginsComment ? LineKind.Comment : LineKind.Text;
    }

    // What is indented, or follows without an empty line, belongs to the entry above.
    void Enter(string line)
    {
        if (FileStyle.BeginsEntry(line))
            _inEntry = true;
        else if (line.Length > 0 && !char.IsWhiteSpace(line[0]))
            _inEntry = false;
    }

    /// <summary>For each line whether a comment that is open before it ends before the next empty line.</summary>
    static bool[] CommentEnds(List<FileLine> lines)
    {
        var ends = new bool[lines.Count];
        for (var i = lines.Count - 1; i >= 0; i--)
            ends[i] = !lines[i].IsBlank && (lines[i].Text.Contains("-->", StringComparison.Ordinal) || (i + 1 < lines.Count && ends[i + 1]));
        return ends;
    }

    static bool EndsInComment(string line, bool inside)
    {
        for (var at = 0; ;)
        {
            var mark = inside ? line.IndexOf("-->", at, StringComparison.Ordinal) : Start(line, at);
            if (mark < 0)
                return inside;
            (inside, at) = (!inside, mark + 3);
        }
    }

    // Neither an escaped one nor one in `code` begins a comment.
    static int Start(string line, int from)
    {
        for (var at = from; at < line.Length; at++)
        {
            if (line[at] == '\\')
            {
                at++;
            }
            else if (line[at] == '`')
            {
                var length = line.AsSpan(at).IndexOfAnyExcept('`') is >= 0 and var other ? other : line.Length - at;
                at = (EndOfCode(line, at + length, length) ?? at + length) - 1;
            }
            else if (line.AsSpan(at).StartsWith("<!--", StringComparison.Ordinal))
            {
                return at;
            }
        }

        return -1;
    }

    static int? EndOfCode(string line, int from, int length)
    {
        for (var at = line.IndexOf('`', from); at >= 0; at = line.IndexOf('`', at))
        {
            var start = at;
            while (at < line.Length && line[at] == '`')
                at++;
            if (at - start == length)
                return at;
            if (at == line.Length)
                break;
        }

        return null;
    }

    [GeneratedRegex(@"\A(?<indent>[ \t]*)(?<bullet>([-*+]|[0-9]{1,9}[.)])[ \t]+)?(?<marks>`{3,}(?=[^`]*\z)|~{3,})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OpeningFence();

    [GeneratedRegex(@"\A[ \t]*(?<marks>`{3,}|~{3,})[ \t]*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClosingFence();
}
