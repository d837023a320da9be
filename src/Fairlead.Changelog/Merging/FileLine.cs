namespace Fairlead.Changelog;

/// <summary>A line and how it ends: LF, CR LF, CR, or nothing at the end of a file.</summary>
readonly record struct FileLine(string Text, string Ending)
{
    /// <summary>What it is a part of; text until <see cref="LineScanner"/> has seen it.</summary>
    public LineKind Kind { get; init; }

    public bool IsText => Kind == LineKind.Text;

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
