using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

/// <summary>A bare repository and machines that only have that in common, without any settings of git.</summary>
sealed class GitWorld : IDisposable
{
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-git-").FullName);
    readonly List<GitDeploymentStore> _stores = [];

    public GitWorld()
    {
        Remote = _root / "remote.git";
        Processes = new ProcessRunner(new Redactor(), TimeProvider.System, _root, new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
            ["HOME"] = _root,
            ["GIT_CONFIG_NOSYSTEM"] = "1",
        });
    }

    public AbsolutePath Remote { get; }

    public ProcessRunner Processes { get; }

    public List<string> Notices { get; } = [];

    public async Task<GitWorld> StartAsync()
    {
        await GitAsync("init", "--quiet", "--bare", Remote);
        return this;
    }

    public AbsolutePath StateOf(string machine) => _root / machine;

    public GitDeploymentStore On(string machine, TimeProvider? time = null, string? remote = null, double lease = 60)
    {
        var store = new GitDeploymentStore(
            StateOf(machine),
            "shop",
            new GitStoreOptions
            {
                Remote = remote ?? Remote,
                Lease = TimeSpan.FromSeconds(lease),
                PollInterval = TimeSpan.FromMilliseconds(100),
                Patience = TimeSpan.FromSeconds(remote is null ? 5 : 0.2),
                RequestInterval = TimeSpan.Zero,
            },
            Processes,
            time ?? TimeProvider.System,
            Notices.Add);
        _stores.Add(store);
        return store;
    }

    /// <summary>A store that gives up soon.</summary>
    public GitDeploymentStore Hasty(string machine, double lease = 60) => On(machine, remote: Remote, lease: lease);

    public static LockRequest Request(string user = "ada", double wait = 0, bool offline = false, Action<LockHolder?>? onWaiting = null) => new()
    {
        User = user,
        Host = "desk",
        ProcessId = 7,
        Command = "Deploy",
        Wait = TimeSpan.FromSeconds(wait),
        AllowOffline = offline,
        OnWaiting = onWaiting,
    };

    /// <summary>The remote is not there until <see cref="Reconnect"/>.</summary>
    public void Disconnect() => Directory.Move(Remote, $"{Remote}.away");

    public void Reconnect() => Directory.Move($"{Remote}.away", Remote);

    public async Task<string> GitAsync(params string[] arguments) => (await Processes.RunAsync(ToolCommand.Of("git", arguments))).StandardOutput;

    public void Dispose()
    {
        _stores.ForEach(x => x.Dispose());
        _root.DeleteDirectory();
    }
}
