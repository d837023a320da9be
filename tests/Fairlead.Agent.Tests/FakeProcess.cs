using Fairlead.Tooling;

namespace Fairlead.Agent.Tests;

sealed class FakeProcess(ChildProcessStart start) : ChildProcess
{
    readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ChildProcessStart Described => start;

    public override int Id => int.MaxValue;

    public override Task<int> Exited => _exited.Task;

    public override Task OutputClosed => _exited.Task;

    /// <summary>The memory that it seems to use.</summary>
    public long Memory { get; set; }

    public override long? MeasureMemory() => Memory;

    /// <summary>What ending the tree fails with.</summary>
    public Exception? KillError { get; set; }

    public void Crash(int code, string output = "")
    {
        Directory.CreateDirectory(start.OutputFile!.Parent);
        if (output.Length > 0)
            File.AppendAllText(start.OutputFile!, output);
        _exited.TrySetResult(code);
    }

    public override void RequestStop() => _exited.TrySetResult(143);

    public override void KillTree()
    {
        if (KillError is not null)
            throw KillError;
        _exited.TrySetResult(137);
    }
}
