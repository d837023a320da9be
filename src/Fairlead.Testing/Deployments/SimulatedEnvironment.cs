using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Deployment;
using Fairlead.Releases;
using Fairlead.Tooling;

namespace Fairlead.Testing;

/// <summary>One environment as its file describes it, on a simulated platform, and a release with the faults that a test gives it. Each change gives a new one.</summary>
public sealed record SimulatedEnvironment
{
    const string Before = "1.0.0";
    const string Next = "1.1.0";

    readonly EnvironmentSpec _environment;

    internal SimulatedEnvironment(EnvironmentSpec environment) => _environment = environment;

    /// <summary>How the new release behaves. By default well.</summary>
    public SimulatedBehaviour Behaviour { get; init; } = new();

    /// <summary>Requests per second to each service. By default 20.</summary>
    public double RequestsPerSecond { get; init; } = 20;

    /// <summary>For the requests that fail and the time they take; the same seed gives the same rollout. By default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What Prometheus queries and commands give. By default nothing.</summary>
    public Func<Metric, MetricSubject, Measurement> Metrics { get; init; } = (metric, _) => new Measurement.NoData($"the simulation has no '{metric.Name}'");

    /// <summary>A share of the new release's requests fails, 0 to 1.</summary>
    public SimulatedEnvironment WithErrors(double share) => this with { Behaviour = Behaviour with { ErrorRate = share } };

    /// <summary>The new release takes so many times as long.</summary>
    public SimulatedEnvironment WithSlowdown(double factor) => this with { Behaviour = Behaviour with { ResponseTime = new SimulatedBehaviour().ResponseTime * factor } };

    /// <summary>The new release gets unhealthy so long after its start.</summary>
    public SimulatedEnvironment UnhealthyAfter(TimeSpan time) => this with { Behaviour = Behaviour with { UnhealthyAfter = time } };

    /// <summary>The new release never gets healthy.</summary>
    public SimulatedEnvironment NeverHealthy() => this with { Behaviour = Behaviour with { HealthyAfter = null } };

    /// <summary>The new release ends as soon as it is started.</summary>
    public SimulatedEnvironment CrashingOnStart() => this with { Behaviour = Behaviour with { Crashes = true } };

    /// <summary>So many requests come per second to each service.</summary>
    public SimulatedEnvironment WithTraffic(double requestsPerSecond) => this with { RequestsPerSecond = requestsPerSecond };

    /// <summary>Deploys a release without faults, and then the one with them.</summary>
    /// <returns>How the second one went.</returns>
    /// <exception cref="UserErrorException">The first one did not go well: the environment refuses what has no fault.</exception>
    public async Task<SimulatedRollout> DeployAsync()
    {
        var clock = new ManualTimeProvider();
        var platform = new SimulatedPlatform(clock, Seed) { RequestsPerSecond = RequestsPerSecond };
        platform.Behaviour = spec => spec.Version == Next ? Behaviour : new SimulatedBehaviour();
        var store = new InMemoryDeploymentStore(clock);
        // What is asked of releases, approvals and the like are not what is simulated.
        var environment = _environment with { RequiresVerifiedOn = null, Branches = [], Verdicts = _environment.Verdicts.Clear(), Approvals = new(), Windows = new(), Checks = [], Database = null };
        var deployer = new Deployer(store, _ => platform, new DeployerOptions
        {
            Time = clock,
            Probe = platform,
            Metrics = new Simulated(Metrics),
            Flags = platform,
            Secrets = new NoSecrets(),
            User = "somebody",
            Host = "simulation",
            Command = "simulation",
        });
        var artifacts = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-simulation-").FullName);
        try
        {
            // Nobody waits for the first one, and its flags are not yet there.
            var plain = environment with { Policy = environment.Policy with { Watch = TimeSpan.Zero }, Services = [.. environment.Services.Select(x => x with { Strategy = new StrategySpec.BlueGreen() })] };
            await VirtualTime.Run(clock, () => deployer.DeployAsync(plain, ReleaseOf(environment, Before, artifacts), artifacts, _ => { }, CancellationToken.None));
            var before = platform.RequestsByVersion.GetValueOrDefault(Before);
            var begun = clock.GetUtcNow();
            var log = new List<string>();
            UserErrorException? failure = null;
            try
            {
                await VirtualTime.Run(clock, () => deployer.DeployAsync(environment, ReleaseOf(environment, Next, artifacts), artifacts, log.Add, CancellationToken.None));
            }
            catch (UserErrorException exception)
            {
                failure = exception;
            }

            var requests = platform.RequestsByVersion;
            var met = requests.GetValueOrDefault(Next);
            var all = met + requests.GetValueOrDefault(Before) - before;
            return new SimulatedRollout
            {
                Log = [.. log],
                Failure = failure,
                History = (await deployer.HistoryOfAsync(environment, CancellationToken.None))[^1],
                Duration = clock.GetUtcNow() - begun,
                ShareThatMetTheRelease = all > 0 ? met / all : 0,
                IsLive = platform.State.Weights.Values.All(x => x.Shares.Keys.All(y => platform.State.Find(y)?.Version == Next)),
            };
        }
        finally
        {
            artifacts.DeleteDirectory();
        }
    }

    static ReleaseManifest ReleaseOf(EnvironmentSpec environment, string version, AbsolutePath directory)
    {
        var artifacts = environment.Services.Select(x => x.Artifact).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name =>
        {
            var content = Encoding.UTF8.GetBytes($"{name} {version}");
            File.WriteAllBytes(directory / $"{name}-{version}.tar.gz", content);
            return new ReleaseArtifact(name, ArtifactKinds.Application, $"{name}-{version}.tar.gz", Digest(content), content.Length, $"{name}.dll");
        });
        return new ReleaseManifest
        {
            Application = environment.Application,
            Version = version,
            Commit = Digest(Encoding.UTF8.GetBytes(version))[7..47],
            CommitTime = DateTimeOffset.UnixEpoch,
            Artifacts = [.. artifacts],
            Verdicts = [],
            Digest = Digest(Encoding.UTF8.GetBytes($"release {version}")),
        };
    }

    static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    sealed class Simulated(Func<Metric, MetricSubject, Measurement> measure) : IMetricSource
    {
        public Task<Measurement> MeasureAsync(Metric metric, MetricSubject subject, CancellationToken cancellationToken) => Task.FromResult(measure(metric, subject));
    }

    sealed class NoSecrets : ISecretSource
    {
        public Task<string> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) => Task.FromResult($"simulated {reference}");
    }
}
