using System.Net;
using System.Net.Sockets;
using Fairlead.Deployment;
using Fairlead.Releases;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>An environment with a strategy, that releases are deployed to from within the test.</summary>
sealed class RolloutEnvironment : IAsyncDisposable
{
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-rollout-").FullName);
    readonly FileDeploymentStore _store;
    readonly LocalPlatform _platform;
    readonly HttpEndpointProbe _probe = new();
    readonly EnvironmentSpec _environment;
    readonly List<string> _log = [];

    public RolloutEnvironment(string yaml)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        var text = $"""
            environments:
              staging:
                url: {Url.ToString().TrimEnd('/')}
                command: [start]
                replicas: 2
                resources: {"{ memory: 300Mi }"}
                health: {"{ path: /health, interval: 500ms }"}
                stop_grace: 0s
                startup_timeout: 6s
            {string.Join('\n', yaml.Split('\n').Select(x => "    " + x))}
            """;
        var file = EnvironmentsFile.Parse(text, "environments.yml", "shop");
        file.Problems.ShouldBeEmpty();
        _environment = file.Environment("staging");
        _store = new FileDeploymentStore(_root / "state", "shop", TimeProvider.System);
        _platform = new LocalPlatform(_store.DirectoryOf("staging"), TimeProvider.System);
    }

    public Uri Url { get; }

    public string Log => string.Join(Environment.NewLine, _log);

    /// <param name="release">Where the release is.</param>
    /// <param name="first">Whether it is only there to be replaced: then nobody watches it.</param>
    public async Task DeployAsync(AbsolutePath release, bool first)
    {
        var environment = first ? _environment with { Policy = new RolloutPolicy() } : _environment;
        var loaded = ReleaseReader.Load(release);
        await Deployer().DeployAsync(environment, loaded.ManifestOrThrow(), loaded.Directory, _log.Add, CancellationToken.None);
    }

    public async Task<string?> LiveVersionAsync() => (await Deployer().StatusAsync(_environment, CancellationToken.None)).Live?.Target.Release.Version;

    public async ValueTask DisposeAsync()
    {
        await Deployer().DownAsync(_environment with { IsProtected = false }, _ => { }, CancellationToken.None);
        _probe.Dispose();
        Repository.ProcessesOf(_root).ShouldBeEmpty();
        _root.DeleteDirectory();
    }

    Deployer Deployer() => new(_store, _ => _platform, new DeployerOptions
    {
        Probe = _probe,
        Metrics = new MetricSources(new PrometheusSource(), new CommandSource(new ProcessRunner(new Redactor(), TimeProvider.System, _root))),
        Flags = new FileFlagProvider(_ => _root / "flags.json"),
        Secrets = new LocalSecretSource(_ => null, new Redactor()),
        User = "tester",
        Host = "here",
        Command = "Test",
        LockWait = TimeSpan.Zero,
        PollInterval = TimeSpan.FromMilliseconds(100),
    });
}
