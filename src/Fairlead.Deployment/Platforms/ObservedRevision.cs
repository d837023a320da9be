namespace Fairlead.Deployment;

/// <summary>A revision as it really is.</summary>
/// <param name="Revision">Which one.</param>
/// <param name="Version">Version of its release.</param>
/// <param name="Phase">What the platform sees.</param>
/// <param name="HealthyReplicas">How many replicas are healthy and ready.</param>
/// <param name="Replicas">How many there should be.</param>
/// <param name="InFlight">Requests being answered now.</param>
/// <param name="Detail">For people: why it is not healthy, with the last lines it wrote; otherwise null.</param>
public sealed record ObservedRevision(
    Revision Revision,
    string Version,
    RevisionPhase Phase,
    int HealthyReplicas,
    int Replicas,
    int InFlight = 0,
    string? Detail = null)
{
    /// <summary>The requests it has answered; null on a platform that does not see them.</summary>
    public RequestCounts? Requests { get; init; }

    /// <summary>When the platform retires it by itself; null when it does not.</summary>
    public DateTimeOffset? RetiresAt { get; init; }
}
