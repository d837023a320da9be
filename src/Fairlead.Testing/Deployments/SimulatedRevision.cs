using Fairlead.Deployment;

namespace Fairlead.Testing;

/// <summary>A revision on the <see cref="SimulatedPlatform"/>.</summary>
sealed class SimulatedRevision(RevisionSpec spec, DateTimeOffset since, SimulatedTraffic traffic)
{
    public RevisionSpec Spec { get; set; } = spec;

    /// <summary>When it was started.</summary>
    public DateTimeOffset Since { get; set; } = since;

    /// <summary>When its last replicas were started.</summary>
    public DateTimeOffset ScaledAt { get; set; } = since;

    /// <summary>How many replicas were healthy then.</summary>
    public int HealthyBefore { get; set; }

    public DateTimeOffset? RetiresAt { get; set; }

    public SimulatedTraffic Traffic { get; } = traffic;
}
