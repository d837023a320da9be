using System.Collections.Concurrent;

namespace Fairlead.Tooling;

/// <summary>Starts real processes. One instance serves a whole run; it is safe for concurrent use.</summary>
/// <param name="redactor">Stands between the output of every process and everybody.</param>
/// <param name="time">The clock for time limits.</param>
/// <param name="workingDirectory">Where commands start that do not say.</param>
/// <param name="environment">The variables that every process gets; by default those of this process.</param>
public sealed class ProcessRunner(
    Redactor redactor,
    TimeProvider time,
    AbsolutePath workingDirectory,
    IReadOnlyDictionary<string, string>? environment = null) : IProcessRunner
{
    static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    readonly ConcurrentDictionary<ChildProcess, bool> _running = new();
    readonly IReadOnlyDictionary<string, string> _environment = environment ?? EnvironmentVariables.Current();

    /// <inheritdoc/>
    public Task<ProcessResult> RunAsync(ToolCommand command, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default) =>
        RunAsync(command, onLine, null, cancellationToken);

    /// <inheritdoc/>
    public Task<ProcessResult> ReadAsync(ToolCommand command, OutputBytes onOutput, CancellationToken cancellationToken = default) =>
        RunAsync(command, null, onOutput, cancellationToken);

    async Task<ProcessResult> RunAsync(ToolCommand command, Action<OutputLine>? onLine, OutputBytes? onOutput, CancellationToken cancellationToken)
    {
        foreach (var secret in command.Secrets)
            redactor.Add(secret);
        cancellationToken.ThrowIfCancellationRequested();

        var variables = EnvironmentVariables.Merge(_environment, command.Environment, EnvironmentVariables.NameComparer);
        var directory = command.WorkingDirectory ?? workingDirectory;
        var program = ToolPath.Find(command.Tool, directory, variables.GetValueOrDefault("PATH"))
            ?? throw new ToolNotFoundException(command.Tool);

        var lines = new ConcurrentQueue<OutputLine>();
        var gate = new Lock();
        var started = time.GetTimestamp();
        var child = ChildProcess.Start(new ChildProcessStart
        {
            Program = program,
            Arguments = command.Arguments,
            WorkingDirectory = directory,
            Environment = variables,
            StandardInput = command.StandardInput,
            WriteInput = command.WriteInput,
            EndWithParent = true,
            OnOutput = onOutput,
            OnLine = line =>
            {
                var clean = line with { Text = redactor.Redact(line.Text) };
                lock (gate)
                {
                    lines.Enqueue(clean);
                    onLine?.Invoke(clean);
                }
            },
        });

        _running.TryAdd(child, true);
        var timedOut = false;
        using (var limit = new CancellationTokenSource(command.Timeout ?? System.Threading.Timeout.InfiniteTimeSpan, time))
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token))
        {
            try
            {
                await child.Exited.WaitAsync(stop.Token);
            }
            catch (OperationCanceledException)
            {
                timedOut = !cancellationToken.IsCancellationRequested;
                await child.StopTreeAsync(StopGrace, time);
                _running.TryRemove(child, out _);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        await child.OutputClosed;
        _running.TryRemove(child, out _);
        var result = new ProcessResult(await child.Exited, [.. lines], time.GetElapsedTime(started));
        if (timedOut)
            throw new ProcessFailedException(command.DisplayWith(redactor), result, command.Timeout);
        if (child.InputFailure is { } failure)
        {
            throw failure is UserErrorException known
                ? new UserErrorException(known.Message, known.Remedy, known) { ExitCode = known.ExitCode }
                : new UserErrorException($"The input of '{command.Tool}' could not be read as a whole, and the program was stopped: {failure.Message}", "Look at the file that it comes from, then try again.", failure);
        }

        return command.SuccessExitCodes.IsEmpty || command.SuccessExitCodes.Contains(result.ExitCode)
            ? result
            : throw new ProcessFailedException(command.DisplayWith(redactor), result);
    }

    /// <summary>Kills everything that this runner has started and that still runs, at once: for a user who will not wait.</summary>
    public void KillAll()
    {
        foreach (var child in _running.Keys)
            child.KillTree();
    }
}
