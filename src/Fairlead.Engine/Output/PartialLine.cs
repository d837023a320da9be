using System.Text;

namespace Fairlead.Engine;

/// <summary>Text without its line ending yet. Lines are the unit of output: half a line is kept until the rest comes, or its writer ends.</summary>
sealed class PartialLine(Action<LogLevel, string> write)
{
    readonly Lock _gate = new();
    readonly StringBuilder _text = new();
    LogLevel _level;

    public void Append(LogLevel level, string text)
    {
        lock (_gate)
        {
            _level = level;
            var lines = text.Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                _text.Append(lines[i]);
                if (i < lines.Length - 1)
                    End();
            }
        }
    }

    /// <summary>Writes what is left.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_text.Length > 0)
                End();
        }
    }

    void End()
    {
        write(_level, _text.ToString().TrimEnd('\r'));
        _text.Clear();
    }
}
