namespace Fairlead.Agent;

/// <summary>
/// The requests that a revision was given. Bucket <c>i</c> of the durations counts those longer than
/// <see cref="FirstBoundMicroseconds"/> × <see cref="Growth"/>^(i−1) and at most × <see cref="Growth"/>^i; empty ones are left out.
/// </summary>
sealed record RequestCountsMessage(long Total, long Failed, IReadOnlyDictionary<int, long> Durations)
{
    public const double FirstBoundMicroseconds = 10;

    public const double Growth = 1.05;
}
