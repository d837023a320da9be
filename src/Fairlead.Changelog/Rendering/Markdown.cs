using System.Buffers;
using System.Globalization;
using System.Text;

namespace Fairlead.Changelog;

/// <summary>Makes text that anybody may have written fit to stand inside Markdown: it shows as it was written and does nothing else.</summary>
public static class Markdown
{
    static readonly SearchValues<char> Special = SearchValues.Create("\\`*_[]<>#|~&$");

    // What is never escaped and no control character, unless one of FirstOnly begins the line.
    static readonly SearchValues<char> Harmless = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ,;'\"!?/%({}^-+=");
    static readonly SearchValues<char> FirstOnly = SearchValues.Create("-+=");

    /// <summary>
    /// One line of text. Whatever means something in GitHub's Markdown is escaped, addresses and mentions become plain text, and control
    /// characters (also those that change the direction of writing) become spaces.
    /// </summary>
    public static string Line(string text)
    {
        var plain = WithoutControls(text).Trim();
        if (!plain.AsSpan().ContainsAnyExcept(Harmless) && (plain.Length == 0 || !FirstOnly.Contains(plain[0])))
            return plain;
        var line = new StringBuilder(plain.Length + 8);
        for (var i = 0; i < plain.Length; i++)
        {
            var x = plain[i];
            if (Special.Contains(x) || StartsBlock(plain, i) || StartsAddress(plain, i))
                line.Append('\\');
            line.Append(x);
            // Mentions and mail addresses are found after the escapes are gone; a word joiner, which is not seen, stops both.
            if (x == '@')
                line.Append('\u2060');
        }

        return line.ToString();
    }

    /// <summary>A version inside a line. Letters, digits, dots, hyphens and plus signs alone do nothing there and stay as they are; anything else is escaped as in <see cref="Line"/>.</summary>
    public static string Version(string text) =>
        text.All(x => char.IsAsciiLetterOrDigit(x) || x is '.' or '-' or '+') && !text.Contains("www.", StringComparison.OrdinalIgnoreCase) ? text : Line(text);

    /// <summary>Several lines, each as <see cref="Line"/>; empty lines divide paragraphs. Indented and fenced code stays code, and keeps its indentation.</summary>
    /// <param name="text">The text, lines ended in any way.</param>
    /// <param name="indent">What each line that is not empty begins with.</param>
    public static string Lines(string text, string indent) => MarkdownBlocks.Write(text, indent);

    /// <summary>A line inside fenced code: as it is, but for control characters and space at its end.</summary>
    internal static string Code(string text) => string.Concat(text.Select(x => x != '\t' && IsControl(x) ? ' ' : x)).TrimEnd();

    // A list, a line under a heading, a rule or a fence can only begin a line: "- a", "+ a", "1. a", "===".
    static bool StartsBlock(string line, int at) => line[at] switch
    {
        '-' or '+' or '=' or ':' => at == 0,
        '.' or ')' => at is > 0 and < 10 && line.AsSpan(0, at).IndexOfAnyExceptInRange('0', '9') < 0,
        _ => false,
    };

    // "https://x", "mailto:x", "www.x": links are made of them without being asked.
    static bool StartsAddress(string line, int at) => line[at] switch
    {
        ':' => at + 1 < line.Length && !char.IsWhiteSpace(line[at + 1]),
        '.' => at >= 3 && line.AsSpan(at - 3, 3).Equals("www", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    static string WithoutControls(string text)
    {
        foreach (var x in text)
        {
            if (IsControl(x))
                return string.Create(text.Length, text, (span, original) => Replace(original, span));
        }

        return text;
    }

    static void Replace(string text, Span<char> plain)
    {
        for (var i = 0; i < plain.Length; i++)
            plain[i] = IsControl(text[i]) ? ' ' : text[i];
    }

    static bool IsControl(char x) => char.IsAscii(x) ? char.IsControl(x) : IsOtherControl(x);

    static bool IsOtherControl(char x) => char.IsControl(x) || char.GetUnicodeCategory(x) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || x is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' or '\u200E' or '\u200F' or '\u061C';
}
