using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Fairlead.Releases;

namespace Fairlead.Deployment;

/// <summary>What an environment is to be: a release with its resolved configuration. The journal keeps it, so that it can be restored without a clone.</summary>
/// <param name="Release">The release's manifest.</param>
/// <param name="Services">Its services in the order in which they get their traffic.</param>
public sealed record DeploymentTarget(ReleaseManifest Release, ImmutableArray<ServiceTarget> Services)
{
    /// <summary>How its rollout is judged and taken back.</summary>
    public RolloutPolicy Policy { get; init; } = new();

    /// <summary>The database that goes along; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DatabaseSpec? Database { get; init; }

    /// <summary>What is checked when it has all traffic, in this order.</summary>
    public ImmutableArray<CheckSpec> Checks { get; init; } = [];

    /// <summary>Whether it needs somebody's consent: because the environment says so, or because rules are bypassed.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>Digests of everything that it takes to run it and to go back from it.</summary>
    [JsonIgnore]
    internal IEnumerable<string> ArtifactDigests => Database is { TakesPart: true } ? Services.Select(x => x.ArtifactDigest).Append(DatabaseArtifact) : Services.Select(x => x.ArtifactDigest);

    /// <summary>Digest of the artifact that has the migrations.</summary>
    [JsonIgnore]
    internal string DatabaseArtifact => (Database?.Artifact is { } name ? Release.Artifact(name)?.Digest : null) ?? Services[0].ArtifactDigest;

    /// <summary>The service of a name, or null.</summary>
    public ServiceTarget? Find(string service) => Services.FirstOrDefault(x => x.Name == service);

    /// <summary>Where clients reach the services.</summary>
    public ImmutableArray<ServiceEndpoint> Endpoints() => [.. Services.Select(x => new ServiceEndpoint(x.Name, x.Url))];

    /// <summary>Same release, same services with the same configuration and addresses; revisions may differ.</summary>
    public bool MeansTheSameAs(DeploymentTarget other) => RunsTheSameAs(other) && HasTheEndpointsOf(other);

    /// <summary>Same release, same services with the same configuration; addresses and revisions may differ.</summary>
    public bool RunsTheSameAs(DeploymentTarget other) =>
        Release.Digest == other.Release.Digest
        && Services.Length == other.Services.Length
        && Services.All(x => other.Find(x.Name) is { } same && x.RunsTheSameAs(same));

    /// <summary>Same services at the same addresses.</summary>
    public bool HasTheEndpointsOf(DeploymentTarget other) =>
        Services.Length == other.Services.Length && Services.All(x => other.Find(x.Name) is { } same && same.Url == x.Url);
}
