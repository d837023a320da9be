using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Engine.Tests;

/// <summary>Runs a build class in a directory of its own and keeps what it printed.</summary>
sealed class TestRun : IDisposable
{
    public AbsolutePath Root { get; } = Directory.CreateTempSubdirectory("fairlead-engine-").FullName;

    public Dictionary<string, string> Environment { get; } = [];

    public FakeProcessRunner Processes { get; } = new();

    public StringWriter Output { get; } = new();

    public TestRun() => (Root / ".nuke").CreateDirectory();

    public string Text => Output.ToString().ReplaceLineEndings("\n");

    public Task<BuildResult> RunAsync<T>(string arguments = "", params Func<T, Target>[] defaults)
        where T : FairleadBuild, new() => RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), defaults);

    public Task<BuildResult> RunAsync<T>(string[] arguments, params Func<T, Target>[] defaults)
        where T : FairleadBuild, new() => FairleadBuild.RunAsync(
        new BuildOptions
        {
            Arguments = [.. arguments],
            RootDirectory = Root,
            WorkingDirectory = Root,
            Environment = Environment,
            Processes = Processes,
            Output = Output,
            Time = new ManualTimeProvider(),
            DefaultParallelism = 4,
        },
        defaults);

    public void Dispose()
    {
        Output.Dispose();
        Root.DeleteDirectory();
    }
}
