namespace Fairlead.Tooling;

/// <summary>The one way in which anything external is started. Tests put a fake one in.</summary>
public interface IProcessRunner
{
    /// <summary>Starts the command in a process group of its own and waits for its end.</summary>
    /// <param name="command">What to start.</param>
    /// <param name="onLine">Called with each redacted line as it arrives, one at a time.</param>
    /// <param name="cancellationToken">When cancelled, the whole process tree is stopped before this method returns.</param>
    /// <exception cref="ToolNotFoundException">The tool is not there.</exception>
    /// <exception cref="ProcessFailedException">The exit code is not one of success, or the time was over.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the tree is gone.</exception>
    Task<ProcessResult> RunAsync(ToolCommand command, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// The same for a command whose standard output is data for this program: it comes as it is, is not redacted and not kept. Nobody may be shown it.
    /// </summary>
    /// <param name="command">What to start.</param>
    /// <param name="onOutput">Called with each part of standard output.</param>
    /// <param name="cancellationToken">When cancelled, the whole process tree is stopped before this method returns.</param>
    /// <returns>How it ended; the lines are those of standard error.</returns>
    Task<ProcessResult> ReadAsync(ToolCommand command, OutputBytes onOutput, CancellationToken cancellationToken = default);
}
