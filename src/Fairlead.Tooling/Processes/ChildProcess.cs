namespace Fairlead.Tooling;

/// <summary>
/// A started process that leads a session and process group of its own: a Ctrl-C at the terminal does not reach it, it has no
/// terminal to ask questions at, and it can be stopped with everything it started.
/// </summary>
public abstract class ChildProcess
{
    /// <summary>The process id.</summary>
    public abstract int Id { get; }

    /// <summary>Completes with the exit code when the process has ended (128 plus the signal's number after a signal).</summary>
    public abstract Task<int> Exited { get; }

    /// <summary>Completes when the process has ended and all that it wrote has been handed on; what something left behind writes later into the same outputs is waited for only shortly.</summary>
    public abstract Task OutputClosed { get; }

    /// <summary>What kept the input from being given as a whole, for which the process was killed; null: nothing did, or the process did not want all of it.</summary>
    public Exception? InputFailure { get; private protected set; }

    /// <summary>Starts a process.</summary>
    /// <exception cref="ToolNotFoundException">The program or its directory is not there, or may not be run.</exception>
    public static ChildProcess Start(ChildProcessStart start) =>
        OperatingSystem.IsWindows() ? WindowsChildProcess.StartNew(start)
        : start.EndWithParent && ParentDeathSignal.Instance.Value is { } signal ? signal.Start(start)
        : UnixChildProcess.StartNew(start);

    /// <summary>The memory in use by the process and everything it started, in bytes; null where that cannot be told.</summary>
    public abstract long? MeasureMemory();

    /// <summary>Asks the process to end (SIGTERM; on Windows it is ended at once). Does nothing when it has ended.</summary>
    public abstract void RequestStop();

    /// <summary>Ends the process and everything it started, at once.</summary>
    public abstract void KillTree();

    /// <summary>Asks the whole tree to end, and kills what is left after the time of grace.</summary>
    /// <param name="grace">How long the tree may take.</param>
    /// <param name="time">The clock.</param>
    public async Task StopTreeAsync(TimeSpan grace, TimeProvider time)
    {
        RequestStop();
        await Task.WhenAny(Exited, Task.Delay(grace, time));
        KillTree();
        await Exited;
    }
}
