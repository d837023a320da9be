using System.Globalization;
using System.Text;

namespace Fairlead.Versioning;

/// <summary>
/// Text with placeholders, as labels and the assembly formats have them (GitVersion's reference/configuration, "assembly-informational-format" and
/// "label"): <c>{Name}</c>, <c>{Name:format}</c>, <c>{env:NAME}</c>, and <c>{env:NAME ?? Other ?? "text"}</c> for the first that is there.
/// </summary>
static class TemplateText
{
    const int LongestFormat = 50;

    /// <summary>Replaces every placeholder.</summary>
    /// <param name="template">The text.</param>
    /// <param name="value">The value of a name: null when there is no such name.</param>
    /// <param name="environment">The value of an environment variable: null when it is not set.</param>
    /// <exception cref="FormatException">A placeholder is malformed, or neither it nor a fallback of it has a value.</exception>
    public static string Expand(string template, Func<string, string?> value, Func<string, string?> environment)
    {
        if (!template.Contains('{', StringComparison.Ordinal))
            return template;
        var result = new StringBuilder();
        var at = 0;
        while (at < template.Length)
        {
            var open = template.IndexOf('{', at);
            var close = open < 0 ? -1 : template.IndexOfAny(['{', '}'], open + 1);
            if (close < 0)
                break;
            if (template[close] == '{' || close == open + 1)
            {
                // Not a placeholder: text that has a brace in it.
                result.Append(template, at, close - at);
                at = close;
                continue;
            }

            result.Append(template, at, open - at).Append(Evaluate(template[(open + 1)..close], value, environment));
            at = close + 1;
        }

        return result.Append(template, at, template.Length - at).ToString();
    }

    static string Evaluate(string placeholder, Func<string, string?> value, Func<string, string?> environment)
    {
        string? missing = null;
        foreach (var alternative in Alternatives(placeholder))
        {
            if (alternative.Length > 1 && alternative[0] == '"' && alternative[^1] == '"')
                return alternative[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal);
            if (int.TryParse(alternative, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                return alternative;

            var isVariable = alternative.StartsWith("env:", StringComparison.OrdinalIgnoreCase);
            var parts = (isVariable ? alternative["env:".Length..] : alternative).Split(':');
            if (parts.Length > 2 || parts[0].Length == 0)
                throw new FormatException($"'{{{placeholder}}}' is not a placeholder.");
            if ((isVariable ? environment(parts[0]) : value(parts[0])) is { } found)
                return parts.Length == 1 ? found : Format(found, parts[1]);
            missing ??= isVariable ? $"The environment variable '{parts[0]}' is not set, and '{{{placeholder}}}' has no fallback." : $"There is no '{parts[0]}'.";
        }

        throw new FormatException(missing ?? $"'{{{placeholder}}}' is not a placeholder.");
    }

    /// <summary>The texts between <c>??</c>, of which quoted ones may hold anything.</summary>
    static List<string> Alternatives(string placeholder)
    {
        var result = new List<string>();
        var current = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < placeholder.Length; i++)
        {
            var c = placeholder[i];
            if (c == '"' && (i == 0 || placeholder[i - 1] != '\\'))
                quoted = !quoted;
            if (!quoted && c == '?' && i + 1 < placeholder.Length && placeholder[i + 1] == '?')
            {
                Take();
                i++;
                continue;
            }

            current.Append(c);
        }

        Take();
        return quoted ? throw new FormatException($"A quotation mark is missing in '{{{placeholder}}}'.") : result;

        void Take()
        {
            var text = current.ToString().Trim();
            if (text.Length == 0 || (text[0] != '"' && text.AsSpan().ContainsAny(" \t\"?")))
                throw new FormatException($"'{{{placeholder}}}' is not a placeholder.");
            result.Add(text);
            current.Clear();
        }
    }

    /// <summary>Formats numbers with .NET's numeric formats, other text with <c>u l t s c</c> (upper, lower, title, sentence and Pascal case), dates with date formats.</summary>
    static string Format(string value, string format)
    {
        if (string.IsNullOrWhiteSpace(format) || format.Length > LongestFormat || format.Any(x => char.IsControl(x) && x != '\t'))
            throw new FormatException($"'{format}' is not a format.");
        var invariant = CultureInfo.InvariantCulture;
        var kind = char.ToUpperInvariant(format[0]);
        if ((format.All(char.IsAsciiDigit) || kind is 'B' or 'D' or 'X') && int.TryParse(value, NumberStyles.Integer, invariant, out var integer))
            return integer.ToString(format, invariant);
        if (kind is 'F' or 'E' or 'G' or 'N' or 'C' or 'P' && double.TryParse(value, NumberStyles.Float | NumberStyles.AllowThousands, invariant, out var real))
            return real.ToString(format, invariant);
        if (decimal.TryParse(value, NumberStyles.Any, invariant, out var number))
            return number.ToString(format, invariant);
        if (string.IsNullOrWhiteSpace(value))
            return "";
        return format switch
        {
            "u" => value.ToUpperInvariant(),
            "l" => value.ToLowerInvariant(),
            "t" => invariant.TextInfo.ToTitleCase(value.ToLowerInvariant()),
            "s" => char.ToUpperInvariant(value[0]) + value[1..].ToLowerInvariant(),
            "c" => Pascal(value),
            _ => DateTime.TryParse(value, invariant, out var date) ? date.ToString(format, invariant) : value,
        };
    }

    static string Pascal(string text)
    {
        var result = new StringBuilder();
        var startsWord = true;
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
                result.Append(startsWord ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c));
            startsWord = !char.IsLetterOrDigit(c);
        }

        return result.ToString();
    }
}
