using System.IO.Pipes;
using System.Runtime.Versioning;
using System.Text;

namespace Fairlead.Tooling;

/// <summary>
/// Started with posix_spawn, because the framework's own <c>Process</c> cannot give a child a session of its own. The session makes
/// the child the leader of a process group (so that the tree can be signalled) and leaves it without a terminal.
/// </summary>
[UnsupportedOSPlatform("windows")]
sealed class UnixChildProcess : ChildProcess
{
    readonly Lock _gate = new();
    readonly HashSet<ProcessIdentity> _descendants = [];
    bool _reaped;

    UnixChildProcess(int id, Func<Task, Task> read)
    {
        Id = id;
        Exited = Task.Factory.StartNew(Wait, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        OutputClosed = Task.WhenAll(Exited, read(Exited));
    }

    public override int Id { get; }

    public override Task<int> Exited { get; }

    public override Task OutputClosed { get; }

    public static UnixChildProcess StartNew(ChildProcessStart start)
    {
        if (!start.WorkingDirectory.DirectoryExists())
            throw new ToolNotFoundException(start.Program, $"The directory '{start.WorkingDirectory}', in which to start it, does not exist.");

        using var input = start.StandardInput is null && start.WriteInput is null ? null : new Pipe(PipeDirection.Out);
        using var output = start.OutputFile is null ? new Pipe(PipeDirection.In) : null;
        using var error = start.OutputFile is null ? new Pipe(PipeDirection.In) : null;
        int id;
        using (var spawn = new PosixSpawn())
        {
            if (input is null)
                spawn.Open(0, "/dev/null", PosixSpawn.ReadOnly);
            else
                spawn.Duplicate(input.ChildEnd, 0);
            if (start.OutputFile is not null)
            {
                Directory.CreateDirectory(start.OutputFile.Parent);
                spawn.Open(1, start.OutputFile, PosixSpawn.AppendCreate);
                spawn.Duplicate(1, 2);
            }
            else
            {
                spawn.Duplicate(output!.ChildEnd, 1);
                spawn.Duplicate(error!.ChildEnd, 2);
            }

            spawn.ChangeDirectory(start.WorkingDirectory);
            var environment = start.Environment.Select(x => $"{x.Key}={x.Value}").ToArray();
            id = spawn.Start(start.Program, [start.Program, .. start.Arguments], environment);
        }

        input?.CloseChildEnd();
        output?.CloseChildEnd();
        error?.CloseChildEnd();
        var child = new UnixChildProcess(id, output is null ? _ => Task.CompletedTask : exited => UnixOutput.ReadAsync(output.Detach(), error!.Detach(), exited, start.OnLine, start.OnOutput));
        if (input is not null)
            child.Feed(input.Detach(), start.WriteInput ?? (stream => stream.Write(Encoding.UTF8.GetBytes(start.StandardInput!))));
        return child;
    }

    public override long? MeasureMemory() => OperatingSystem.IsLinux() && !_reaped ? UnixProcesses.ResidentMemory([Id, .. UnixProcesses.Descendants([Id]).Select(x => x.Id)]) : null;

    public override void RequestStop() => Signal(UnixProcesses.SigTerm);

    public override void KillTree() => Signal(UnixProcesses.SigKill);

    void Signal(int signal)
    {
        // Descendants that left the group (their own setsid) are found through their parents, so they are remembered before the parents die;
        // the time of their start tells them from strangers that were given their ids since.
        lock (_gate)
        {
            _descendants.RemoveWhere(x => !UnixProcesses.IsRunning(x));
            _descendants.UnionWith(UnixProcesses.Descendants([.. _descendants.Select(x => x.Id), .. _reaped ? Array.Empty<int>() : [Id]]));
            // Once reaped, the id may belong to a stranger; the group's id is not reused while a member lives.
            if (!_reaped)
                UnixProcesses.Send(Id, signal);
            UnixProcesses.Send(-Id, signal);
            foreach (var descendant in _descendants)
                UnixProcesses.Send(descendant.Id, signal);
        }
    }

    int Wait()
    {
        // First without reaping, so that no signal can be sent to an id that has become free.
        UnixProcesses.AwaitExit(Id);
        lock (_gate)
        {
            _reaped = true;
            return UnixProcesses.Reap(Id);
        }
    }

    void Feed(Stream stream, Action<Stream> write) => _ = Task.Factory.StartNew(
        () => ProcessInput.Write(stream, write, failure =>
        {
            InputFailure = failure;
            KillTree();
        }),
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>A pipe of which one end goes to the child; both ends are closed on exec unless duplicated.</summary>
    sealed class Pipe : IDisposable
    {
        readonly AnonymousPipeServerStream _stream;
        bool _detached;

        public Pipe(PipeDirection parentDirection) => _stream = new AnonymousPipeServerStream(parentDirection, HandleInheritability.None);

        public int ChildEnd => (int)_stream.ClientSafePipeHandle.DangerousGetHandle();

        public void CloseChildEnd() => _stream.DisposeLocalCopyOfClientHandle();

        public AnonymousPipeServerStream Detach()
        {
            _detached = true;
            return _stream;
        }

        public void Dispose()
        {
            if (!_detached)
                _stream.Dispose();
        }
    }
}
