using System.Collections.Concurrent;
using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>
/// Starts replicas so that they end when the agent does, however it ends. On Linux <c>setpriv</c> (util-linux) asks the kernel for a
/// signal at the death of the thread that started them; so all are started by one thread that lives as long as the agent. Where it
/// is missing, what is left over is ended when the next agent starts.
/// </summary>
sealed class ProcessStarter : IDisposable
{
    readonly AbsolutePath? _setpriv = OperatingSystem.IsLinux()
        ? ToolPath.Find("setpriv", AbsolutePath.Create("/"), "/usr/bin:/bin:/usr/local/bin")
        : null;

    readonly BlockingCollection<Action> _work = [];

    public ProcessStarter() => new Thread(() =>
    {
        foreach (var action in _work.GetConsumingEnumerable())
            action();
        // The thread stays: its end would be the replicas' end.
        Thread.Sleep(Timeout.Infinite);
    })
    { IsBackground = true, Name = "Replica starter" }.Start();

    public ChildProcess Start(ChildProcessStart start)
    {
        if (!start.Program.FileExists())
            throw new ToolNotFoundException(start.Program);
        var bound = _setpriv is null
            ? start
            : start with { Program = _setpriv, Arguments = ["--pdeathsig", "KILL", "--", start.Program, .. start.Arguments] };
        var result = new TaskCompletionSource<ChildProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                result.SetResult(ChildProcess.Start(bound));
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        });
        return result.Task.GetAwaiter().GetResult();
    }

    public void Dispose() => _work.CompleteAdding();
}
