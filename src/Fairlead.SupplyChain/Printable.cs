using System.Text;

namespace Fairlead.SupplyChain;

/// <summary>Text of strangers (names of files and packages, titles of advisories) made fit for a line of a terminal, a log or a summary.</summary>
public static class Printable
{
    const char Replacement = '\uFFFD';

    /// <summary>
    /// One line: line breaks and tabs become blanks, other control characters (terminal escapes) visible pictures, and what turns the direction of text around, or is no whole character, the
    /// replacement character. What continuous integration would take for a command at the beginning of a line (<c>::</c>, <c>##[</c>) is parted by a blank.
    /// </summary>
    /// <param name="text">The text; null is as good as empty.</param>
    public static string Line(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var line = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                line.Append(c).Append(text[++i]);
            else
                line.Append(One(c));
        }

        var start = 0;
        while (start < line.Length && line[start] == ' ')
            start++;
        if (start + 1 < line.Length && line[start] is ':' or '#' && line[start + 1] == line[start])
            line.Insert(start + 1, ' ');
        return line.ToString();
    }

    static char One(char c) => c switch
    {
        '\r' or '\n' or '\t' or '\v' or '\f' or '\u0085' or '\u2028' or '\u2029' => ' ',
        < ' ' => (char)('\u2400' + c),
        '\u007F' => '\u2421',
        >= '\u0080' and < '\u00A0' => Replacement,
        '\u200E' or '\u200F' or '\u061C' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') => Replacement,
        _ when char.IsSurrogate(c) => Replacement,
        _ => c,
    };
}
