using System.Diagnostics;
using Fairlead.Tooling;

namespace Fairlead.CrashHost;

/// <summary>Counts the programs that are started, and kills this process before the one that was chosen, or a moment after its start.</summary>
sealed class DyingRunner(IProcessRunner inner, int victim, TimeSpan? after) : IProcessRunner
{
    int _count;

    public int Count => _count;

    public Task<ProcessResult> RunAsync(ToolCommand command, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default) =>
        Started(() => inner.RunAsync(command, onLine, cancellationToken));

    public Task<ProcessResult> ReadAsync(ToolCommand command, OutputBytes onOutput, CancellationToken cancellationToken = default) =>
        Started(() => inner.ReadAsync(command, onOutput, cancellationToken));

    Task<ProcessResult> Started(Func<Task<ProcessResult>> start)
    {
        if (Interlocked.Increment(ref _count) != victim)
            return start();
        if (after is { } moment)
            _ = Task.Delay(moment).ContinueWith(_ => Die(), TaskScheduler.Default);
        else
            Die();
        return start();
    }

    static void Die()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
