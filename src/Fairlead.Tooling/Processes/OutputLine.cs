namespace Fairlead.Tooling;

/// <summary>One line that a process wrote, already redacted, without its line ending.</summary>
/// <param name="Kind">Standard output or standard error.</param>
/// <param name="Text">The text.</param>
public readonly record struct OutputLine(OutputKind Kind, string Text);
