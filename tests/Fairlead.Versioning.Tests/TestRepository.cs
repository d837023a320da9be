using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Versioning.Tests;

/// <summary>A real repository in a temporary directory, out of reach of the user's own git configuration.</summary>
public sealed class TestRepository : IDisposable
{
    static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    readonly AbsolutePath _parent = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-git-").FullName);
    int _minutes;

    public TestRepository(bool initialise = true)
    {
        Root = (_parent / "work tree").CreateDirectory();
        Processes = new ProcessRunner(new Redactor(), TimeProvider.System, Root, Environment());
        if (initialise)
            Git("init", "-q", "-b", "main");
    }

    public AbsolutePath Root { get; }

    public AbsolutePath Parent => _parent;

    public ProcessRunner Processes { get; }

    public string Git(params string[] arguments)
    {
        var time = (Start + TimeSpan.FromMinutes(_minutes++)).ToString("yyyy-MM-ddTHH:mm:sszzz");
        var command = ToolCommand.Of("git", arguments)
            .WithEnvironment("GIT_AUTHOR_DATE", time).WithEnvironment("GIT_COMMITTER_DATE", time);
        return Processes.RunAsync(command).GetAwaiter().GetResult().StandardOutput;
    }

    public string Commit(string message)
    {
        Git("commit", "-q", "--allow-empty", "--allow-empty-message", "-m", message);
        return Git("rev-parse", "HEAD");
    }

    public void Write(string file, string content) => (Root / file).WriteAllText(content);

    public async Task<RepositoryHistory> ReadAsync(ServerCheckout? server = null) => await new RepositoryReader(Processes).ReadAsync(Root, server);

    public async Task<ReleaseVersion> VersionAsync(VersioningConfiguration? configuration = null) =>
        ReleaseVersion.Of(await ReadAsync(), configuration ?? VersioningConfigurationReader.Default);

    public void Dispose() => _parent.DeleteDirectory();

    static ImmutableDictionary<string, string> Environment() => ImmutableDictionary.CreateRange<string, string>(
    [
        new("PATH", System.Environment.GetEnvironmentVariable("PATH") ?? ""),
        new("GIT_CONFIG_GLOBAL", "/dev/null"),
        new("GIT_CONFIG_NOSYSTEM", "1"),
        // No housekeeping in the background, which would outlive the test.
        new("GIT_CONFIG_COUNT", "1"),
        new("GIT_CONFIG_KEY_0", "maintenance.auto"),
        new("GIT_CONFIG_VALUE_0", "false"),
        new("GIT_AUTHOR_NAME", "A"),
        new("GIT_AUTHOR_EMAIL", "a@example.org"),
        new("GIT_COMMITTER_NAME", "C"),
        new("GIT_COMMITTER_EMAIL", "c@example.org"),
    ]);
}
