using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Which share of a service's new requests goes to which revision.</summary>
public sealed record TrafficWeights
{
    /// <summary>No traffic anywhere: clients get 503.</summary>
    public static TrafficWeights None { get; } = new() { Shares = ImmutableSortedDictionary<string, int>.Empty };

    /// <summary>Percentages by revision name; positive, 100 together, or empty.</summary>
    public required ImmutableSortedDictionary<string, int> Shares { get; init; }

    /// <summary>Keeps clients on their revision while there are several; null: each request is decided anew.</summary>
    public Affinity? Affinity { get; init; }

    /// <summary>
    /// With <see cref="Affinity"/>, the revisions in the order in which clients are dealt out to them: the newest first, then its baseline,
    /// the stable one last. Raising the share of the first takes no client away from it. Revisions that are not named come last; without
    /// any name, all in the order of their ordinals, the newest first. Not compared: it changes no share.
    /// </summary>
    public ImmutableArray<string> Layout { get; init; } = [];

    /// <summary>All traffic to one revision.</summary>
    public static TrafficWeights AllTo(string revision) => new() { Shares = ImmutableSortedDictionary<string, int>.Empty.Add(revision, 100) };

    /// <summary>The percentage of a revision; 0 when it is not named.</summary>
    public int Of(string revision) => Shares.GetValueOrDefault(revision);

    /// <summary>Compares by content; with one revision alone affinity means nothing.</summary>
    public bool Equals(TrafficWeights? other) => other is not null && Shares.SequenceEqual(other.Shares) && (Shares.Count < 2 || Affinity == other.Affinity);

    /// <inheritdoc/>
    public override int GetHashCode() => Shares.Aggregate(0, (hash, x) => HashCode.Combine(hash, x.Key, x.Value));

    /// <inheritdoc/>
    public override string ToString() => Shares.IsEmpty ? "none" : string.Join(", ", Shares.Select(x => $"{x.Key} {x.Value} %"));
}
