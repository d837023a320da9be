using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>One service on its way to its target, with all that its strategy decides by.</summary>
sealed record ServiceMove
{
    /// <summary>Where to.</summary>
    public required ServiceTarget Target { get; init; }

    /// <summary>Version of the release that it goes to.</summary>
    public required string Version { get; init; }

    /// <summary>What is live before, when it is there and well; otherwise null: then there is nothing to move gradually from.</summary>
    public ServiceTarget? Stable { get; init; }

    /// <summary>Version of the release that is live before.</summary>
    public string StableVersion { get; init; } = "";

    /// <summary>Whether everything goes at once: a rollback, a first deployment, a stable revision that is gone.</summary>
    public required bool IsDirect { get; init; }

    /// <summary>What is really there.</summary>
    public required PlatformState Observed { get; init; }

    /// <summary>Ids of the steps that this operation has done before it was interrupted.</summary>
    public required IReadOnlySet<string> Done { get; init; }

    public required RolloutPolicy Policy { get; init; }

    public string Name => Target.Name;

    public string Revision => Target.Revision.Name;

    /// <summary>All traffic to the target.</summary>
    public TrafficWeights Goal => TrafficWeights.AllTo(Revision);

    public TrafficWeights Weights => Observed.WeightsOf(Name);

    /// <summary>The target's strategy, as far as it makes a difference here.</summary>
    public StrategySpec Strategy => Target.Strategy switch
    {
        StrategySpec.Recreate when Stable is not null => Target.Strategy,
        StrategySpec.Recreate => new StrategySpec.BlueGreen(),
        _ when IsDirect => new StrategySpec.BlueGreen(),
        // Without requests there are no shares of them; replicas there are.
        not StrategySpec.Rolling when Target.Url is null => new StrategySpec.BlueGreen(),
        var strategy => strategy,
    };

    /// <summary>How many replicas of a revision there are to be now; 0 when it is not there.</summary>
    public int ReplicasOf(string revision) => Observed.Find(revision)?.Replicas ?? 0;

    public bool IsHealthy(string revision) => Observed.Find(revision) is { Phase: RevisionPhase.Healthy, Replicas: > 0 };

    /// <summary>The analysis of a stage of this service.</summary>
    public RolloutStep.Analyse Analyse(string stage, TimeSpan duration, ImmutableArray<Criterion> criteria, string? baseline) =>
        new(stage, duration, [Subject(criteria, baseline)], Policy.Analysis, NeedsData: criteria.Any(x => x.Limit is not null || baseline is not null));

    public AnalysisSubject Subject(ImmutableArray<Criterion> criteria, string? baseline) =>
        new(Name, Revision, Version, baseline, [.. criteria.Where(x => baseline is not null || x.MaximumDegradation is null), .. Policy.Triggers.Where(x => x.MaximumDegradation is null)]);
}
