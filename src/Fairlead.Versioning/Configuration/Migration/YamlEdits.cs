using System.Text.RegularExpressions;

namespace Fairlead.Versioning;

/// <summary>Edits of YAML (or JSON) text at the places of its values, so that quotes, comments, blank lines and indentation stay.</summary>
/// <param name="text">The text that the values were read from.</param>
sealed partial class YamlEdits(string text)
{
    /// <summary>Line end of the text; that of its first line.</summary>
    public string NewLine { get; } = text.IndexOf('\n', StringComparison.Ordinal) is > 0 and var index && text[index - 1] == '\r' ? "\r\n" : "\n";

    /// <summary>What stands between two entries of a map: a comma, or a new line with the indentation of its keys.</summary>
    public string Between(YamlMap map) => map.Flow ? ", " : NewLine + new string(' ', map.Entries[0].Key.Span.Column - 1);

    /// <summary>Whether the value is written in quotes, and which.</summary>
    public char? Quote(YamlScalar value) => value.Span.End > value.Span.Start && text[value.Span.Start] is '"' or '\'' ? text[value.Span.Start] : null;

    /// <summary>Whether a value is written in a way that can be replaced: in quotes, or as plain text of one line, without tag or anchor.</summary>
    public bool IsSimple(YamlScalar value) => Quote(value) is not null || text[value.Span.Start..value.Span.End] == value.Text;

    /// <summary>Another value in the same quotes; plain text gets some when it needs them.</summary>
    public TextEdit Replace(YamlScalar value, string replacement) => new(value.Span.Start, value.Span.End, Quote(value) switch
    {
        '"' => $"\"{replacement.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
        null when PlainText().IsMatch(replacement) => replacement,
        _ => $"'{replacement.Replace("'", "''", StringComparison.Ordinal)}'",
    });

    /// <summary>A map with one key around a value, on the same line.</summary>
    public IEnumerable<TextEdit> Wrap(YamlScalar key, string inner, YamlScalar value)
    {
        var quote = Quote(key);
        yield return new TextEdit(value.Span.Start, value.Span.Start, $"{{ {quote}{inner}{quote}: ");
        yield return new TextEdit(value.Span.End, value.Span.End, " }");
    }

    /// <summary>Takes an entry out: as a comment, or altogether where the map is written in braces.</summary>
    public IEnumerable<TextEdit> TakeOut(YamlMap map, YamlEntry entry)
    {
        var start = entry.Key.Span.Start;
        var end = EndOf(entry.Value);
        if (!map.Flow)
        {
            yield return new TextEdit(start, start, "# ");
            for (var line = NextLine(start); line < end; line = NextLine(line))
                yield return new TextEdit(line, line, "# ");
        }
        else if (map.Entries[^1] != entry)
        {
            yield return new TextEdit(start, map.Entries[map.Entries.IndexOf(entry) + 1].Key.Span.Start, "");
        }
        else
        {
            var previous = map.Entries.Length > 1 ? EndOf(map.Entries[^2].Value) : start;
            yield return new TextEdit(previous, end, "");
        }
    }

    // The end marks of lists and maps stand before a closing bracket, or behind blank lines.
    static int EndOf(YamlValue value) => value switch
    {
        YamlList { Flow: true } or YamlMap { Flow: true } => value.Span.End + 1,
        YamlList { Items: [.., var last] } => EndOf(last),
        YamlMap { Entries: [.., var last] } => EndOf(last.Value),
        _ => value.Span.End,
    };

    int NextLine(int position) => text.IndexOf('\n', position) is >= 0 and var index ? index + 1 : text.Length;

    [GeneratedRegex("^(?!(?:true|false|null|yes|no|on|off)$)[A-Za-z][A-Za-z0-9._/-]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PlainText();
}
