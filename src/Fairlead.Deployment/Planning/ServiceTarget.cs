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

    /// <summary>How many processes.</summary>
    public required int Replicas { get; init; }

    /// <summary>The health probes; null for a worker.</summary>
    public HealthProbe? Probe { get; init; }

    /// <summary>How long the revision may take until all its replicas are healthy.</summary>
    public required TimeSpan StartupTimeout { get; init; }

    /// <summary>How long requests in flight may take when it loses its traffic.</summary>
    public required TimeSpan DrainTimeout { get; init; }

    /// <summary>How long a process may take to end after SIGTERM.</summary>
    public required TimeSpan StopGrace { get; init; }

    /// <summary>The revision that is to have all traffic.</summary>
    [JsonIgnore]
    public Revision Revision => new(Name, Ordinal, ArtifactDigest, ConfigurationDigest);

    /// <summary>Whether a revision of the one can stand for the other: same artifact, same configuration.</summary>
    public bool RunsTheSameAs(ServiceTarget other) =>
        Name == other.Name && ArtifactDigest == other.ArtifactDigest && ConfigurationDigest == other.ConfigurationDigest;
}
