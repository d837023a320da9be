using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>What is really there.</summary>
/// <param name="Revisions">All revisions that are up, in the order of their ordinals.</param>
/// <param name="Weights">The traffic of each service.</param>
public sealed record PlatformState(
    ImmutableArray<ObservedRevision> Revisions,
    ImmutableSortedDictionary<string, TrafficWeights> Weights)
{
    /// <summary>When a <see cref="TrafficGuard"/> gave the traffic back because its command was lost; otherwise null.</summary>
    public DateTimeOffset? GuardActedAt { get; init; }

    /// <summary>Nothing is up.</summary>
    public static PlatformState Empty { get; } = new([], ImmutableSortedDictionary<string, TrafficWeights>.Empty);

    /// <summary>The revision of a name, or null.</summary>
    public ObservedRevision? Find(string revision) => Revisions.FirstOrDefault(x => x.Revision.Name == revision);

    /// <summary>The traffic of a service; none when the platform knows nothing of it.</summary>
    public TrafficWeights WeightsOf(string service) => Weights.GetValueOrDefault(service) ?? TrafficWeights.None;
}
