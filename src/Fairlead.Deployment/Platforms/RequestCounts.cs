using System.Collections.Immutable;
using Fairlead.Agent;

namespace Fairlead.Deployment;

/// <summary>
/// The requests that a revision has answered since it was brought up. Counts only grow; when they have fallen the platform was restarted
/// and counts from 0 again.
/// </summary>
/// <param name="Total">All requests.</param>
/// <param name="Failed">Those answered with 5xx, or not at all.</param>
/// <param name="Durations">
/// How many took how long: bucket <c>i</c> counts those longer than <c>10 µs × 1.05^(i−1)</c> and at most <c>10 µs × 1.05^i</c>; bucket 0
/// those of at most 10 µs.
/// </param>
public sealed record RequestCounts(long Total, long Failed, ImmutableSortedDictionary<int, long> Durations)
{
    /// <summary>No request yet.</summary>
    public static RequestCounts None { get; } = new(0, 0, ImmutableSortedDictionary<int, long>.Empty);

    /// <summary>The upper bound of the first bucket.</summary>
    public static TimeSpan FirstBound { get; } = TimeSpan.FromMicroseconds(RequestCountsMessage.FirstBoundMicroseconds);

    /// <summary>How much wider each bucket is than the one before: so much is lost of a duration at most.</summary>
    public const double Growth = RequestCountsMessage.Growth;
}
