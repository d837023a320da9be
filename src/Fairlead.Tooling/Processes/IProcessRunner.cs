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
}
