namespace Fairlead.Deployment;

/// <summary>What a platform sees of a revision.</summary>
public enum RevisionPhase
{
    /// <summary>Not all replicas have been healthy yet.</summary>
    Starting,

    /// <summary>All replicas are healthy and ready.</summary>
    Healthy,

    /// <summary>A replica crashes, fails its probes or cannot start.</summary>
    Unhealthy,

    /// <summary>Has lost its traffic and finishes what is in flight.</summary>
    Draining,
}
