namespace Fairlead.Agent;

/// <summary>How a replica is.</summary>
/// <param name="Phase">In one word.</param>
/// <param name="Upstream">Where it can be reached; null when requests must not be sent there.</param>
/// <param name="Detail">For people; null when it is well.</param>
sealed record ReplicaHealth(ReplicaPhase Phase, Upstream? Upstream, string? Detail);
