using Fairlead.Tooling;

namespace Fairlead.Agent.Tests;

sealed class FakeProcess(ChildProcessStart start) : ChildProcess
{
    readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ChildProcessStart Described => start;

    public override int Id => 1;

    public override Task<int> Exited => _exited.Task;

    public override Task OutputClosed => _exited.Task;

    public void Crash(int code, string output = "")
    {
        Directory.CreateDirectory(start.OutputFile!.Parent);
        File.AppendAllText(start.OutputFile!, output);
        _exited.TrySetResult(code);
    }

    public override void RequestStop() => _exited.TrySetResult(143);

    public override void KillTree() => _exited.TrySetResult(137);
}
