namespace Fairlead.Changelog;

/// <summary>A line and how it ends: LF, CR LF, CR, or nothing at the end of a file.</summary>
readonly record struct FileLine(string Text, string Ending)
{
    /// <summary>Whether it belongs to fenced code or to a comment of several lines: nothing in it is a heading or an entry.</summary>
    public bool IsHidden { get; init; }

    public bool IsBlank => string.IsNullOrWhiteSpace(Text);

    public override string ToString() => Text + Ending;

    public static List<FileLine> Split(string text)
    {
        List<FileLine> lines = [];
        for (var at = 0; at < text.Length;)
        {
            var length = text.AsSpan(at).IndexOfAny('\r', '\n');
            var end = length < 0 ? text.Length : at + length;
            var next = end == text.Length ? end : text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
            lines.Add(new FileLine(text[at..end], text[end..next]));
            at = next;
        }

        return lines;
    }
}
