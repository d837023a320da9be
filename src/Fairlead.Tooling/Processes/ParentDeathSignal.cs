using System.Collections.Concurrent;
using System.Runtime.Versioning;

namespace Fairlead.Tooling;

/// <summary>
/// Starts processes that the kernel kills when this one ends. On Linux <c>setpriv</c> (util-linux) asks for a signal at the death of the
/// thread that started it, and becomes the program; so all are started by one thread that lives as long as this process.
/// </summary>
[UnsupportedOSPlatform("windows")]
sealed class ParentDeathSignal
{
    /// <summary>One for the process, as its thread has to be; null where the system cannot do it.</summary>
    public static readonly Lazy<ParentDeathSignal?> Instance = new(() =>
        OperatingSystem.IsLinux() && ToolPath.Find("setpriv", AbsolutePath.Create("/"), "/usr/bin:/bin:/usr/local/bin") is { } program && Works(program)
            ? new ParentDeathSignal(program)
            : null);

    readonly AbsolutePath _setpriv;
    readonly BlockingCollection<Action> _work = [];

    ParentDeathSignal(AbsolutePath setpriv)
    {
        _setpriv = setpriv;
        new Thread(() =>
        {
            foreach (var action in _work.GetConsumingEnumerable())
                action();
        })
        { IsBackground = true, Name = "Process starter" }.Start();
    }

    public ChildProcess Start(ChildProcessStart start)
    {
        // Told by name here: setpriv would only end with an exit code.
        if (!start.Program.FileExists())
            throw new ToolNotFoundException(start.Program);
        var bound = start with { Program = _setpriv, Arguments = [.. Options, start.Program, .. start.Arguments] };
        var result = new TaskCompletionSource<ChildProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                result.SetResult(UnixChildProcess.StartNew(bound));
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        });
        return result.Task.GetAwaiter().GetResult();
    }

    static string[] Options => ["--pdeathsig", "KILL", "--"];

    // The setpriv of busybox does not know the option.
    static bool Works(AbsolutePath program)
    {
        using var spawn = new PosixSpawn();
        spawn.Open(0, "/dev/null", PosixSpawn.ReadOnly);
        spawn.Open(1, "/dev/null", PosixSpawn.AppendCreate);
        spawn.Duplicate(1, 2);
        return UnixProcesses.Reap(spawn.Start(program, [program, .. Options, program, "--version"], [])) == 0;
    }
}
