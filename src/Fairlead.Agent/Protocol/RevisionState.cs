namespace Fairlead.Agent;

/// <summary>
/// A revision as the agent sees it. The phase is <c>Starting</c>, <c>Healthy</c>, <c>Unhealthy</c> or <c>Draining</c>; the limit is what
/// draining and stopping it may take together.
/// </summary>
sealed record RevisionState(
    string Service,
    int Ordinal,
    string ArtifactDigest,
    string ConfigurationDigest,
    string Version,
    string Phase,
    int HealthyReplicas,
    int Replicas,
    int InFlight,
    string? Detail,
    TimeSpan StopLimit = default)
{
    public RequestCountsMessage? Requests { get; init; }

    /// <summary>When the agent retires it by itself.</summary>
    public DateTimeOffset? RetiresAt { get; init; }
}
