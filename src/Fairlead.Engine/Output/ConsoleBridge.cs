using System.Text;

namespace Fairlead.Engine;

/// <summary>Takes what a target's body writes with <c>Console.WriteLine</c> into the build's own output, so that it is redacted and stays with its target.</summary>
sealed class ConsoleBridge(BuildContext context, LogLevel level) : TextWriter
{
    readonly AsyncLocal<StringBuilder?> _line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        var line = _line.Value ??= new StringBuilder();
        lock (line)
        {
            if (value == '\n')
            {
                context.Write(level, line.ToString().TrimEnd('\r'));
                line.Clear();
            }
            else
            {
                line.Append(value);
            }
        }
    }

    public override void Flush()
    {
        if (_line.Value is not { Length: > 0 } line)
            return;
        lock (line)
        {
            context.Write(level, line.ToString());
            line.Clear();
        }
    }
}
