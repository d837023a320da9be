namespace Fairlead.Deployment;

/// <summary>One revision of a service as it is, or as it should be and is not.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Revision">The revision's name.</param>
/// <param name="Version">Version of its release.</param>
/// <param name="Url">Where clients reach the service; null for a worker.</param>
/// <param name="Traffic">Its share of new requests, in percent.</param>
/// <param name="Phase">What the platform sees; null when the revision is not there.</param>
/// <param name="HealthyReplicas">How many replicas are healthy.</param>
/// <param name="Replicas">How many there should be.</param>
/// <param name="Detail">Why it is not healthy, or null.</param>
public sealed record ServiceStatus(
    string Service, string Revision, string Version, Uri? Url, int Traffic, RevisionPhase? Phase, int HealthyReplicas, int Replicas, string? Detail)
{
    /// <summary>When the platform retires it by itself: until then it is the fallback; null when it does not.</summary>
    public DateTimeOffset? RetiresAt { get; init; }
}
