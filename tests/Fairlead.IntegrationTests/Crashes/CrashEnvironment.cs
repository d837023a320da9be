using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Fairlead.Deployment;
using Fairlead.Releases;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>An environment with a state directory and a port of its own, that real commands are run against.</summary>
sealed class CrashEnvironment : IAsyncDisposable
{
    // Above those of services that people run, below those of replicas and of outgoing connections.
    const int FirstPort = 10_000;
    const int LastPort = 19_999;
    const int KilledExitCode = 128 + 9;

    readonly CrashReleases _releases;
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-crash-").FullName);
    readonly AbsolutePath _file;
    readonly EnvironmentSpec _environment;
    readonly FileDeploymentStore _store;
    readonly LocalPlatform _platform;
    readonly HttpEndpointProbe _probe = new();
    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(20) };
    readonly ProcessRunner _runner;

    /// <param name="releases">What is deployed.</param>
    /// <param name="strategy">Further lines of the environment.</param>
    public CrashEnvironment(CrashReleases releases, string strategy = "")
    {
        _releases = releases;
        Port = FindPort();
        _file = _root / "environments.yml";
        AtomicFile.Write(_file, $"""
            environments:
              staging:
                url: http://127.0.0.1:{Port}
                command: [start]
            {string.Join('\n', strategy.Split('\n').Select(x => "    " + x))}
            """);
        _environment = EnvironmentsFile.Parse(_file.ReadAllText(), _file, "shop").Environment("staging");
        _store = new FileDeploymentStore(_root / "state", "shop", TimeProvider.System);
        _platform = new LocalPlatform(_store.DirectoryOf("staging"), TimeProvider.System);
        _runner = new ProcessRunner(new Redactor(), TimeProvider.System, _root);
    }

    public int Port { get; }

    /// <summary>Waits until the platform itself has given all traffic to a healthy revision of a version.</summary>
    public async Task UntilGivenBackToAsync(string version)
    {
        var limit = Stopwatch.StartNew();
        while (true)
        {
            var observed = await _platform.ObserveAsync(CancellationToken.None);
            if (observed.GuardActedAt is not null && observed.WeightsOf("shop").Shares is { Count: 1 } shares
                && observed.Find(shares.Keys.Single()) is { HealthyReplicas: > 0 } revision && revision.Version == version)
            {
                return;
            }

            if (limit.Elapsed > TimeSpan.FromSeconds(30))
                throw new TimeoutException(await DescribeAsync());
            await Task.Delay(50);
        }
    }

    /// <summary>Deploys from within the test: what comes before the command that is killed.</summary>
    public async Task DeployAsync(string version)
    {
        var release = ReleaseReader.Load(_releases.Of(version));
        await Deployer().DeployAsync(_environment, release.ManifestOrThrow(), release.Directory, _ => { }, CancellationToken.None);
    }

    /// <summary>Runs a command to its end.</summary>
    /// <param name="command"><c>deploy VERSION</c>, <c>rollback</c>, <c>rollback VERSION</c> or <c>down</c>.</param>
    /// <returns>The effects that it had.</returns>
    public async Task<List<string>> RunAsync(string command)
    {
        var result = await StartAsync(command, null);
        result.ExitCode.ShouldBe(0, Repository.Text(result));
        var effects = result.Lines.Where(x => x.Text.StartsWith("effect ", StringComparison.Ordinal)).Select(x => x.Text.Split(": ", 2)[1]).ToList();
        Repository.Text(result).ShouldContain($"{effects.Count} effects");
        return effects;
    }

    /// <summary>Runs a command in whose course somebody is killed.</summary>
    public async Task RunAsync(string command, CrashPoint point)
    {
        var result = await StartAsync(command, point);
        Repository.Text(result).ShouldContain($"effect {point.Effect}: {point.Name}");
        if (point.Victim != "command")
            Repository.Text(result).ShouldContain("The agent was killed.");
        if (point.Victim != "agent")
            result.ExitCode.ShouldBe(KilledExitCode, Repository.Text(result));
    }

    /// <summary>
    /// One healthy revision has all traffic, the journal names it and nothing that is unfinished, the lock is free, and nothing runs but
    /// the agent and that revision's replicas. Where nothing is live, nothing runs.
    /// </summary>
    public async Task ShouldBeWholeAsync(string? version)
    {
        var status = await Deployer().StatusAsync(_environment, CancellationToken.None);
        status.Holder.ShouldBeNull();
        status.Unfinished.ShouldBeNull();
        status.Live?.Target.Release.Version.ShouldBe(version);
        var observed = await _platform.ObserveAsync(CancellationToken.None);
        var processes = Repository.ProcessesOf(_root);
        if (version is null)
        {
            status.Live.ShouldBeNull();
            observed.ShouldBe(PlatformState.Empty);
            processes.ShouldBeEmpty();
            await Should.ThrowAsync<HttpRequestException>(AskAsync());
            return;
        }

        status.IsWell.ShouldBeTrue(status.ToString());
        var live = status.Live.ShouldNotBeNull().Target.Services.ShouldHaveSingleItem();
        var revision = observed.Revisions.ShouldHaveSingleItem();
        revision.Revision.ShouldBe(live.Revision);
        revision.Phase.ShouldBe(RevisionPhase.Healthy);
        observed.Weights.ShouldHaveSingleItem().Value.ShouldBe(TrafficWeights.AllTo(live.Revision.Name));
        _store.FindArtifact("staging", live.ArtifactDigest).ShouldNotBeNull();
        (await AskAsync()).ShouldBe(version);
        var agents = processes.Where(x => Read(x, "cmdline").Contains("Fairlead.Agent.dll", StringComparison.Ordinal)).ToList();
        agents.ShouldHaveSingleItem();
        processes.Except(agents).Where(x => Read(x, "cmdline").Contains("Storefront.dll", StringComparison.Ordinal)).Count().ShouldBe(live.Replicas);
        processes.Count.ShouldBe(1 + live.Replicas, string.Join('\n', processes.Select(x => Read(x, "cmdline").Replace('\0', ' '))));
    }

    /// <summary>What there is to see, for the message of a failure.</summary>
    public async Task<string> DescribeAsync()
    {
        var journal = _store.DirectoryOf("staging") / "journal.jsonl";
        return string.Join('\n', (await Deployer().StatusAsync(_environment, CancellationToken.None)).ToString(), journal.FileExists() ? journal.ReadAllText() : "(no journal)");
    }

    public ValueTask DisposeAsync()
    {
        Repository.Stop(_root);
        _probe.Dispose();
        _http.Dispose();
        _root.DeleteDirectory();
        return ValueTask.CompletedTask;
    }

    Task<ProcessResult> StartAsync(string command, CrashPoint? point)
    {
        List<string> arguments =
        [
            CrashReleases.OutputOf("tests/Fairlead.CrashHost") / "Fairlead.CrashHost.dll",
            "--operation", command.Split(' ')[0], "--state", _root / "state", "--environments", _file,
            .. command.Split(' ') switch
            {
                ["deploy", var version] => ["--release", _releases.Of(version)],
                ["rollback", var version] => ["--to", version],
                _ => (string[])[],
            },
        ];
        if (point is not null)
            arguments.AddRange(["--kill", point.Moment, "--effect", $"{point.Effect}", "--victim", point.Victim]);
        return _runner.RunAsync(ToolCommand.Of(CrashReleases.Dotnet, [.. arguments]).WithAnyExitCode() with { Timeout = TimeSpan.FromMinutes(1) });
    }

    async Task<string?> AskAsync()
    {
        using var json = JsonDocument.Parse(await _http.GetStringAsync(new Uri($"http://127.0.0.1:{Port}/version")));
        return json.RootElement.GetProperty("version").GetString();
    }

    Deployer Deployer() => new(_store, _ => _platform, new DeployerOptions
    {
        Probe = _probe,
        Metrics = new MetricSources(new PrometheusSource(), new CommandSource(_runner)),
        Flags = new FileFlagProvider(_ => _root / "flags.json"),
        Secrets = new LocalSecretSource(_ => null, new Redactor()),
        User = "tester",
        Host = "here",
        Command = "Test",
        LockWait = TimeSpan.Zero,
        PollInterval = TimeSpan.FromMilliseconds(50),
    });

    static int FindPort()
    {
        while (true)
        {
            var port = Random.Shared.Next(FirstPort, LastPort + 1);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }

    static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
