using System.Text;

namespace Fairlead.Engine;

/// <summary>Takes what a target's body writes with <c>Console</c> into the build's own output, so that it is redacted and stays with its target.</summary>
sealed class ConsoleBridge(BuildContext context, LogLevel level) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => context.WritePartial(level, value.ToString());

    public override void Write(string? value) => context.WritePartial(level, value ?? "");

    public override void Write(char[] buffer, int index, int count) => context.WritePartial(level, new string(buffer, index, count));

    public override void WriteLine(string? value) => context.WritePartial(level, value + "\n");
}
