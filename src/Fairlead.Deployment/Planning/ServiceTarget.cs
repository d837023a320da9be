using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>One service of a deployment with everything resolved: it can be brought up from this and the artifact alone.</summary>
public sealed record ServiceTarget
{
    /// <summary>The service's name.</summary>
    public required string Name { get; init; }

    /// <summary>Ordinal of the revision that is to have all traffic.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Digest of the artifact.</summary>
    public required string ArtifactDigest { get; init; }

    /// <summary>Digest over everything below that a platform is told about a revision; see <see cref="RevisionSpec"/>.</summary>
    public required string ConfigurationDigest { get; init; }

    /// <summary>Where clients reach it; null for a worker.</summary>
    public Uri? Url { get; init; }

    /// <summary>Program and arguments.</summary>
    public required ImmutableArray<string> Command { get; init; }

    /// <summary>Variables for the process.</summary>
    public required ImmutableSortedDictionary<string, string> Variables { get; init; }

    /// <summary>Where further variables' values are, by the variable's name: resolved when a process is started, never kept.</summary>
    public ImmutableSortedDictionary<string, SecretReference> Secrets { get; init; } = ImmutableSortedDictionary.Create<string, SecretReference>(StringComparer.Ordinal);

    /// <summary>How many processes.</summary>
    public required int Replicas { get; init; }

    /// <summary>The health probes; null for a worker.</summary>
    public HealthProbe? Probe { get; init; }

    /// <summary>What each replica may use.</summary>
    public ResourceLimits Resources { get; init; } = ResourceLimits.None;

    /// <summary>How long the revision may take until all its replicas are healthy.</summary>
    public required TimeSpan StartupTimeout { get; init; }

    /// <summary>How long requests in flight may take when it loses its traffic.</summary>
    public required TimeSpan DrainTimeout { get; init; }

    /// <summary>How long a process may take to end after SIGTERM.</summary>
    public required TimeSpan StopGrace { get; init; }

    /// <summary>How it takes over from the revision before it.</summary>
    public StrategySpec Strategy { get; init; } = new StrategySpec.BlueGreen();

    /// <summary>Ordinal of the fresh copy of the stable revision that it is compared with; null when it is not compared.</summary>
    public int? BaselineOrdinal { get; init; }

    /// <summary>The revision that is to have all traffic.</summary>
    [JsonIgnore]
    public Revision Revision => new(Name, Ordinal, ArtifactDigest, ConfigurationDigest);

    /// <summary>Name of the fresh copy of the stable revision that it is compared with; null when it is not compared.</summary>
    [JsonIgnore]
    internal string? BaselineName => BaselineOrdinal is { } ordinal ? (this with { Ordinal = ordinal }).Revision.Name : null;

    /// <summary>Whether a revision of the one can stand for the other: same artifact, same configuration.</summary>
    public bool RunsTheSameAs(ServiceTarget other) =>
        Name == other.Name && ArtifactDigest == other.ArtifactDigest && ConfigurationDigest == other.ConfigurationDigest;
}
