using System.Collections;
using System.Diagnostics;
using System.Globalization;
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
        environment["XDG_CONFIG_HOME"] = State / "config";
        // Tools that somebody has fetched on this machine are not there.
        environment["XDG_CACHE_HOME"] = State / "cache";
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
        _runner.RunAsync(ToolCommand.Of(tool, arguments).WithAnyExitCode() with { Timeout = TimeSpan.FromMinutes(20) });

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

    /// <summary>Agents and replicas that work for a state directory: by the agent's arguments, and by the variable that replicas carry.</summary>
    public static IReadOnlyList<int> ProcessesOf(AbsolutePath state)
    {
        List<int> found = [];
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id))
                continue;
            try
            {
                var texts = File.ReadAllText($"{directory}/cmdline").Split('\0').Concat(
                    File.ReadAllText($"{directory}/environ").Split('\0').Where(x => x.StartsWith("FAIRLEAD_AGENT_STATE=", StringComparison.Ordinal)).Select(x => x.Split('=', 2)[1]));
                if (texts.Any(x => Path.IsPathFullyQualified(x) && (state == x || state.Contains(x))) && IsRunning(id))
                    found.Add(id);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // It has just ended, or is somebody else's.
            }
        }

        return found;
    }

    /// <summary>Ends everything that still works for a state directory.</summary>
    public static void Stop(AbsolutePath state)
    {
        // The agent would start its replicas again, so it goes first; a second look finds what it left.
        for (var look = 0; look < 5; look++)
        {
            foreach (var id in ProcessesOf(state))
            {
                try
                {
                    using var process = Process.GetProcessById(id);
                    process.Kill();
                }
                catch (ArgumentException)
                {
                    // It went with the agent.
                }
            }
        }
    }

    public void Dispose()
    {
        Stop(State);
        Root.DeleteDirectory();
        State.DeleteDirectory();
    }
}
