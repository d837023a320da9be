using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Fairlead.Engine;

/// <summary>
/// Turns an interpolated text into a list of arguments: the text is split at blanks outside of double quotes, a value never is. So <c>$"tool install {name}"</c> has three
/// arguments whatever the name contains, and a quote or a blank in a value is no problem. A list gives one argument for each of its values; a value
/// that is null or empty gives none, unless quotes are around it. What has the format <c>r</c>, as in <c>{key:r}</c>, is a secret and never shown.
/// </summary>
[InterpolatedStringHandler]
public sealed class ArgumentStringHandler
{
    const string SecretFormat = "r";

    readonly List<string> _arguments = [];
    readonly List<string> _secrets = [];
    StringBuilder? _current;
    bool _quoted;

    /// <summary>Called by the compiler.</summary>
    public ArgumentStringHandler(int literalLength, int formattedCount) => _ = literalLength + formattedCount;

    /// <summary>A text without values.</summary>
    public static implicit operator ArgumentStringHandler(string text)
    {
        var handler = new ArgumentStringHandler(text.Length, 0);
        handler.AppendLiteral(text);
        return handler;
    }

    /// <summary>Called by the compiler.</summary>
    public void AppendLiteral(string value)
    {
        foreach (var character in value)
        {
            if (character == '"')
            {
                _quoted = !_quoted;
                _current ??= new StringBuilder();
            }
            else if (char.IsWhiteSpace(character) && !_quoted)
            {
                End();
            }
            else
            {
                (_current ??= new StringBuilder()).Append(character);
            }
        }
    }

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value) => AppendFormatted(value, null);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value, string? format)
    {
        if (value is IEnumerable values and not string)
        {
            End();
            foreach (var element in values)
                _arguments.Add(Text(element, format));
        }
        else if (Text(value, format) is { Length: > 0 } text)
        {
            (_current ??= new StringBuilder()).Append(text);
        }
    }

    /// <summary>The values that must not be shown.</summary>
    public ImmutableArray<string> Secrets => [.. _secrets];

    /// <summary>The arguments.</summary>
    public ImmutableArray<string> ToArguments()
    {
        End();
        return [.. _arguments];
    }

    string Text(object? value, string? format)
    {
        var isSecret = format == SecretFormat;
        var text = value is IFormattable formattable
            ? formattable.ToString(isSecret ? null : format, CultureInfo.InvariantCulture)
            : value?.ToString() ?? "";
        if (isSecret)
            _secrets.Add(text);
        return text;
    }

    void End()
    {
        if (_current is not null)
            _arguments.Add(_current.ToString());
        _current = null;
    }
}
