namespace Fairlead.Deployment;

/// <summary>How a platform tells that a replica is well.</summary>
public sealed record HealthProbe
{
    /// <summary>Liveness: answers 2xx while the process is well.</summary>
    public string HealthPath { get; init; } = "/health";

    /// <summary>Readiness: answers 2xx when the process can take traffic.</summary>
    public string ReadyPath { get; init; } = "/ready";

    /// <summary>Time between two probes.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time limit of one probe.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many failures in a row make a replica that was well unhealthy.</summary>
    public int FailureThreshold { get; init; } = 3;
}
