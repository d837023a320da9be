namespace Fairlead.Agent;

enum ReplicaPhase
{
    /// <summary>Has not been healthy since it was brought up.</summary>
    Starting,

    /// <summary>Answers its probes.</summary>
    Healthy,

    /// <summary>Was healthy and is not any more, or has failed too often before.</summary>
    Failed,
}
