using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>What holds for a whole rollout, whatever the strategies of its services. Kept in the journal.</summary>
public sealed record RolloutPolicy
{
    /// <summary>How stages are analysed.</summary>
    public AnalysisSpec Analysis { get; init; } = new();

    /// <summary>
    /// What takes a release back, during the rollout and while it is watched afterwards, as what must hold: the trigger
    /// <c>error_rate: "&gt;5%"</c> is the criterion <c>error rate ≤ 5 %</c>.
    /// </summary>
    public ImmutableArray<Criterion> Triggers { get; init; } = [Criterion.HealthFailuresBelow(3)];

    /// <summary>How the traffic goes back. By default at once.</summary>
    public RollbackMode RollbackMode { get; init; }

    /// <summary>How long one step of a gradual rollback takes. By default 10 seconds.</summary>
    public TimeSpan RollbackStep { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a release with all traffic is watched before the deployment has succeeded. By default not at all.</summary>
    public TimeSpan Watch { get; init; }

    /// <summary>
    /// When nothing was heard of the command for so long while a rollout is under way, the platform itself acts. By default after 5 minutes.
    /// </summary>
    public TimeSpan ControllerLostAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What the platform does then. By default it gives the traffic back to the stable revisions.</summary>
    public LostController ControllerLost { get; init; }

    /// <summary>What the next command does with an interrupted deployment of the very release that it deploys itself. By default it goes on.</summary>
    public InterruptedDeployment Interrupted { get; init; }
}
