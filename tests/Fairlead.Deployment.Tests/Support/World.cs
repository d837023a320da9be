using System.Collections.Concurrent;
using System.Collections.Immutable;
using Fairlead.Releases;
using Fairlead.SupplyChain;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

/// <summary>A clock, a platform, a store and releases: all that a deployment needs, without a machine.</summary>
sealed class World
{
    public const string OneService = """
        application: shop
        environments:
          staging:
            url: http://127.0.0.1:5080
            replicas: 2
          production:
            url: http://127.0.0.1:5090
        """;

    public const string TwoServices = """
        application: shop
        environments:
          staging:
            services:
              api:
                url: http://127.0.0.1:5080
              jobs:
                worker: true
        """;

    // Some tests make worlds by the ten thousand.
    static readonly ConcurrentDictionary<string, EnvironmentsFile> Parsed = new(StringComparer.Ordinal);

    static readonly Lazy<AbsolutePath> Artifacts = new(() =>
    {
        var directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-artifacts-").FullName);
        foreach (var version in (string[])["1.0.0", "1.1.0", "1.2.0", "2.0.0"])
        {
            foreach (var name in (string[])["shop", "api", "jobs"])
                System.IO.File.WriteAllText(directory / $"{name}-{version}.tar.gz", $"{name} {version}");
        }

        return directory;
    });

    public World(string environments = OneService)
    {
        File = Parsed.GetOrAdd(environments, x => EnvironmentsFile.Parse(x, "environments.yml", "shop"));
        File.Problems.ShouldBeEmpty();
        File = File with { Environments = [.. File.Environments.Select(x => x with { KeptReleases = 3 })] };
        Platform = new SimulatedPlatform(Time);
        Store = Memory = new InMemoryDeploymentStore(Time);
        Database = new SimulatedDatabase(Time);
    }

    public ManualTimeProvider Time { get; } = new();

    public EnvironmentsFile File { get; set; }

    public SimulatedPlatform Platform { get; }

    public InMemoryDeploymentStore Memory { get; }

    public SimulatedDatabase Database { get; }

    public StubChecks Checks { get; } = new();

    public StubApprovals Approvals { get; } = new();

    public string? Bypass { get; set; }

    public IDeploymentStore Store { get; set; }

    public List<string> Log { get; } = [];

    public StubMetrics Metrics { get; } = new();

    public Dictionary<string, string> Secrets { get; } = new(StringComparer.Ordinal);

    public EnvironmentSpec Staging => File.Environment("staging");

    public static AbsolutePath ArtifactDirectory => Artifacts.Value;

    public static ReleaseManifest Release(string version, params Verdict[] verdicts) => new()
    {
        Application = "shop",
        Version = version,
        Commit = Hash($"commit {version}")[7..47],
        CommitTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        Artifacts = [.. ((string[])["api", "jobs", "shop"]).Select(x => Artifact(x, version))],
        Verdicts = [.. verdicts],
        Digest = Hash($"release {version}"),
    };

    public static ReleaseArtifact Artifact(string name, string version) =>
        new(name, ArtifactKinds.Application, $"{name}-{version}.tar.gz", Hash($"{name} {version}"), 1, $"{name}.dll");

    public static string Hash(string text) =>
        $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))}";

    /// <summary>From now on all environments have this strategy, and traffic to judge it by.</summary>
    public void UseStrategy(string strategy)
    {
        File = File with { Environments = [.. File.Environments.Select(x => Rollouts.With(x, strategy))] };
        Platform.RequestsPerSecond = 4;
    }

    public void UseKillSwitch(KillSwitch kill) => Platform.Kill = Memory.Kill = Database.Kill = kill;

    public Task<DeploymentOutcome> Deploy(string version, string environment = "staging", CancellationToken cancellationToken = default) =>
        Deploy(Release(version), environment, cancellationToken);

    public Task<DeploymentOutcome> Deploy(ReleaseManifest release, string environment = "staging", CancellationToken cancellationToken = default) =>
        Drive(() => Deployer().DeployAsync(File.Environment(environment), release, ArtifactDirectory, Log.Add, cancellationToken));

    public Task<DeploymentOutcome> Rollback(string? to = null) => Drive(() => Deployer().RollbackAsync(Staging, to, Log.Add, default));

    public Task<DeploymentOutcome> Rollback(DatabaseChoice choice, string? to = null) => Drive(() => Deployer().RollbackAsync(Staging, to, choice, Log.Add, default));

    public Task<DeploymentOutcome> Down() => Drive(() => Deployer().DownAsync(Staging, Log.Add, default));

    public Task<EnvironmentStatus> Status() => Drive(() => Deployer().StatusAsync(Staging, default));

    public Task<ImmutableArray<Problem>> Preconditions(ReleaseManifest release, string environment = "staging") =>
        Drive(() => Deployer().PreconditionsAsync(File.Environment(environment), release, ArtifactDirectory, default));

    public Deployer Deployer() => new(Store, _ => Platform, new DeployerOptions
    {
        Time = Time,
        Probe = Platform,
        Metrics = Metrics,
        Database = Database,
        Checks = Checks,
        Approvals = Approvals,
        Bypass = Bypass is null ? null : PolicyBypass.Parse(Bypass, [Refusal.Window, Refusal.Verified, Refusal.RollbackTarget, Refusal.Branch, .. VerdictKinds.All]),
        Flags = Platform,
        Secrets = new LocalSecretSource(Secrets.GetValueOrDefault, new Redactor()),
        User = "ada",
        Host = "desk",
        Command = "Deploy",
        LockWait = TimeSpan.Zero,
    });

    /// <summary>Moves the clock whenever nothing else is left to do.</summary>
    public Task<T> Drive<T>(Func<Task<T>> run) => VirtualTime.Run(Time, run, Store == Memory ? TimeSpan.Zero : TimeSpan.FromMilliseconds(20));

    public string Traffic(string service) => Platform.State.WeightsOf(service).ToString();

    public async Task<EnvironmentHistory> History(string environment = "staging") => EnvironmentHistory.Of(await Store.ReadJournalAsync(environment, default));

    /// <summary>Exactly one healthy revision of each service has all traffic, the journal names it, nothing is left over, and the lock is free.</summary>
    public async Task ShouldBeWhole(string? version, string because)
    {
        var history = await History();
        (await Store.FindHolderAsync("staging", default)).ShouldBeNull(because);
        history.Unfinished.ShouldBeNull(because);
        (history.Live?.Target.Release.Version).ShouldBe(version, because);
        var state = Platform.State;
        var services = history.Live?.Target.Services ?? [];
        // A fallback may stay a while, without traffic.
        state.Revisions.Where(x => x.RetiresAt is null).Select(x => x.Revision).ShouldBe(services.Select(x => x.Revision), ignoreOrder: true, because);
        state.GuardActedAt.ShouldBeNull(because);
        Platform.IsGuarded.ShouldBeFalse(because);
        foreach (var service in services)
        {
            state.WeightsOf(service.Name).ShouldBe(TrafficWeights.AllTo(service.Revision.Name), because);
            state.Find(service.Revision.Name)!.Phase.ShouldBe(RevisionPhase.Healthy, because);
            state.Find(service.Revision.Name)!.Replicas.ShouldBe(service.Replicas, because);
            Store.FindArtifact("staging", service.ArtifactDigest).ShouldNotBeNull(because);
        }

        state.Weights.Keys.Where(x => services.All(service => service.Name != x)).ShouldAllBe(x => state.WeightsOf(x) == TrafficWeights.None, because);
    }

    /// <summary>
    /// From the first moment on that a service has traffic, all of it goes to a healthy revision. Only a service that had no stable
    /// revision before may lose it again, when its first deployment is taken back.
    /// </summary>
    public void ShouldAlwaysHaveServedUnlessTakenBack(string before, string because)
    {
        var serving = new HashSet<string>(StringComparer.Ordinal);
        foreach (var state in Platform.States)
        {
            foreach (var (service, weights) in state.Weights)
            {
                if (before.Length > 0 && serving.Contains(service))
                    weights.Shares.Values.Sum().ShouldBe(100, because);
                if (weights != TrafficWeights.None)
                    serving.Add(service);
                foreach (var revision in weights.Shares.Keys)
                    state.Find(revision).ShouldNotBeNull(because).HealthyReplicas.ShouldBeGreaterThan(0, because);
            }
        }
    }
}
