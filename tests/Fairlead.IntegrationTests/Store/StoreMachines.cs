using Fairlead.Deployment;
using Fairlead.Releases;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>A bare repository, and machines that have a state directory each and nothing else in common.</summary>
sealed class StoreMachines : IDisposable
{
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-machines-").FullName);
    readonly ProcessRunner _processes;
    readonly List<GitDeploymentStore> _stores = [];

    public StoreMachines()
    {
        Remote = _root / "remote.git";
        _processes = new ProcessRunner(new Redactor(), TimeProvider.System, _root, new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
            ["HOME"] = _root,
            ["GIT_CONFIG_NOSYSTEM"] = "1",
        });
        _processes.RunAsync(ToolCommand.Of("git", "init", "--quiet", "--bare", Remote)).GetAwaiter().GetResult();
        foreach (var version in (string[])["1.0.0", "1.1.0", "1.2.0"])
            File.WriteAllText(_root / $"shop-{version}.tar.gz", version);
    }

    public AbsolutePath Remote { get; }

    public AbsolutePath Releases => _root;

    public AbsolutePath StateOf(string machine) => _root / machine;

    public GitDeploymentStore On(string machine, double lease = 60, double patience = 10)
    {
        var store = new GitDeploymentStore(
            StateOf(machine),
            "shop",
            new GitStoreOptions { Remote = Remote, Lease = TimeSpan.FromSeconds(lease), PollInterval = TimeSpan.FromMilliseconds(200), Patience = TimeSpan.FromSeconds(patience) },
            _processes,
            TimeProvider.System);
        _stores.Add(store);
        return store;
    }

    public static LockRequest Request(string machine, double wait = 0) => new() { User = "ada", Host = machine, ProcessId = 1, Command = "Deploy", Wait = TimeSpan.FromSeconds(wait) };

    public static EnvironmentSpec Staging { get; } = EnvironmentsFile.Parse(
        """
        application: shop
        environments:
          staging:
            url: http://127.0.0.1:5080
            rollback: { watch: 0s }
        """,
        "environments.yml",
        "shop").Environment("staging");

    public static ReleaseManifest Release(string version) => new()
    {
        Application = "shop",
        Version = version,
        Commit = Hash(version)[7..47],
        CommitTime = DateTimeOffset.UnixEpoch,
        Artifacts = [new ReleaseArtifact("shop", ArtifactKinds.Application, $"shop-{version}.tar.gz", Hash(version), 1, "shop.dll")],
        Verdicts = [],
        Digest = Hash($"release {version}"),
    };

    public Deployer Deployer(string machine, IDeploymentStore store, SimulatedPlatform platform, TimeSpan wait) => new(store, _ => platform, new DeployerOptions
    {
        Probe = platform,
        Metrics = new MetricSources(new PrometheusSource(), new CommandSource(_processes, _root)),
        Flags = platform,
        Secrets = new LocalSecretSource(_ => null, new Redactor()),
        User = "ada",
        Host = machine,
        Command = "Deploy",
        LockWait = wait,
        PollInterval = TimeSpan.FromMilliseconds(20),
    });

    public void Dispose()
    {
        _stores.ForEach(x => x.Dispose());
        _root.DeleteDirectory();
    }

    static string Hash(string text) => $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))}";
}
