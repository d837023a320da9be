using System.Collections;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>A repository of its own in a temporary directory, with <c>build.sh</c> and a state directory of its own.</summary>
sealed class Repository : IDisposable
{
    readonly ProcessRunner _runner;

    public Repository(string name)
    {
        Root = AbsolutePath.Create(Directory.CreateTempSubdirectory($"fairlead-{name}-").FullName);
        State = Root.Parent / $"{Root.Name}-state";
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(x => x.Key is not ("CI" or "GITHUB_ACTIONS"))
            .ToDictionary(x => (string)x.Key, x => (string)x.Value!);
        environment["FAIRLEAD_STATE"] = State;
        environment["GIT_AUTHOR_NAME"] = environment["GIT_COMMITTER_NAME"] = "Tester";
        environment["GIT_AUTHOR_EMAIL"] = environment["GIT_COMMITTER_EMAIL"] = "tester@example.org";
        environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        EnvironmentVariables = environment;
        _runner = new ProcessRunner(new Redactor(), TimeProvider.System, Root, environment);
    }

    public AbsolutePath Root { get; }

    public AbsolutePath State { get; }

    public Dictionary<string, string> EnvironmentVariables { get; }

    /// <summary>The root of the repository that these tests belong to.</summary>
    public static AbsolutePath Product { get; } = AbsolutePath.Create(AppContext.BaseDirectory).FindParentOrSelf(x => (x / "Pipeline.sln").FileExists())
        ?? throw new InvalidOperationException("The tests run inside the repository.");

    public Task<ProcessResult> BuildAsync(params string[] arguments) => RunAsync("./build.sh", arguments);

    public Task<ProcessResult> RunAsync(string tool, params string[] arguments) =>
        _runner.RunAsync(ToolCommand.Of(tool, arguments).WithAnyExitCode() with { Timeout = TimeSpan.FromMinutes(10) });

    public async Task GitAsync(params string[] arguments)
    {
        var result = await RunAsync("git", arguments);
        result.ExitCode.ShouldBe(0, Text(result));
    }

    public async Task CommitAsync(string message)
    {
        await GitAsync("add", "--all");
        await GitAsync("commit", "--quiet", "--allow-empty", "--message", message);
    }

    public void Write(string file, string text) => AtomicFile.Write(Root / file, text);

    public static string Text(ProcessResult result) => string.Join('\n', result.Lines.Select(x => x.Text));

    /// <summary>Whether a process does anything; one that has ended and was not yet collected by its parent does not.</summary>
    public static bool IsRunning(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        Root.DeleteDirectory();
        State.DeleteDirectory();
    }
}
