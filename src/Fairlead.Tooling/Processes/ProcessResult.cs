namespace Fairlead.Tooling;

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">Its exit code; 128 plus the signal's number when a signal ended it.</param>
/// <param name="Lines">All lines it wrote, in the order of arrival, redacted.</param>
/// <param name="Duration">From start to exit.</param>
public sealed record ProcessResult(int ExitCode, IReadOnlyList<OutputLine> Lines, TimeSpan Duration)
{
    /// <summary>The lines of standard output, joined with line feeds and trimmed at the end.</summary>
    public string StandardOutput => Join(OutputKind.Out);

    /// <summary>The lines of standard error, joined with line feeds and trimmed at the end.</summary>
    public string StandardError => Join(OutputKind.Error);

    string Join(OutputKind kind) => string.Join('\n', Lines.Where(x => x.Kind == kind).Select(x => x.Text)).TrimEnd();
}
