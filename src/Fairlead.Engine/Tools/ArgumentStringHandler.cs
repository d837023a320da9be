using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;

namespace Fairlead.Engine;

/// <summary>
/// Turns an interpolated text into a list of arguments: the text is split at blanks outside of double quotes, a value never is. So <c>$"tool install {name}"</c> has three
/// arguments whatever the name contains, and a quote or a blank in a value is no problem.
/// </summary>
[InterpolatedStringHandler]
public sealed class ArgumentStringHandler
{
    readonly List<string> _arguments = [];
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
    public void AppendFormatted<T>(T value) => (_current ??= new StringBuilder()).Append(value);

    /// <summary>Several values, one argument each.</summary>
    public void AppendFormatted(IEnumerable<string> values)
    {
        End();
        _arguments.AddRange(values);
    }

    /// <summary>The arguments.</summary>
    public ImmutableArray<string> ToArguments()
    {
        End();
        return [.. _arguments];
    }

    void End()
    {
        if (_current is not null)
            _arguments.Add(_current.ToString());
        _current = null;
    }
}
