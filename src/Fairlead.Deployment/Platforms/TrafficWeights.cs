using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Which share of a service's new requests goes to which revision.</summary>
public sealed record TrafficWeights
{
    /// <summary>No traffic anywhere: clients get 503.</summary>
    public static TrafficWeights None { get; } = new() { Shares = ImmutableSortedDictionary<string, int>.Empty };

    /// <summary>Percentages by revision name; positive, 100 together, or empty.</summary>
    public required ImmutableSortedDictionary<string, int> Shares { get; init; }

    /// <summary>All traffic to one revision.</summary>
    public static TrafficWeights AllTo(string revision) => new() { Shares = ImmutableSortedDictionary<string, int>.Empty.Add(revision, 100) };

    /// <summary>The percentage of a revision; 0 when it is not named.</summary>
    public int Of(string revision) => Shares.GetValueOrDefault(revision);

    /// <summary>Compares by content.</summary>
    public bool Equals(TrafficWeights? other) => other is not null && Shares.SequenceEqual(other.Shares);

    /// <inheritdoc/>
    public override int GetHashCode() => Shares.Aggregate(0, (hash, x) => HashCode.Combine(hash, x.Key, x.Value));

    /// <inheritdoc/>
    public override string ToString() => Shares.IsEmpty ? "none" : string.Join(", ", Shares.Select(x => $"{x.Key} {x.Value} %"));
}
