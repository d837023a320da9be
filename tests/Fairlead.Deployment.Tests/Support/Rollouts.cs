using System.Collections.Immutable;

namespace Fairlead.Deployment.Tests;

/// <summary>Environments with each strategy, as short as they can be.</summary>
static class Rollouts
{
    public const string Canary = "canary";
    public const string ComparedCanary = "canary beside a baseline";
    public const string Rolling = "rolling";
    public const string RollingWithoutSurge = "rolling without surge";
    public const string Flags = "feature flags";
    public const string Recreate = "recreate";
    public const string StagedBlueGreen = "blue-green in stages, with a fallback and a watch";
    public const string GradualBack = "canary, gradually back";

    public static readonly ImmutableArray<string> All = [Canary, ComparedCanary, Rolling, RollingWithoutSurge, Flags, Recreate, StagedBlueGreen, GradualBack];

    static readonly Criterion FewErrors = new(new Metric.ErrorRate(), new Limit(LimitOperator.Less, 0.05));

    static readonly ImmutableArray<StageSpec> Stages =
    [
        new StageSpec { Name = "first-10", Share = 10, Duration = TimeSpan.FromSeconds(60), Criteria = [FewErrors] },
        new StageSpec { Name = "half", Share = 50, Duration = TimeSpan.FromSeconds(30), Criteria = [FewErrors] },
    ];

    /// <summary>The environment with a strategy for all of its services.</summary>
    public static EnvironmentSpec With(EnvironmentSpec environment, string strategy)
    {
        var spec = SpecOf(strategy);
        var policy = strategy switch
        {
            ComparedCanary => environment.Policy with { Analysis = new AnalysisSpec { Comparisons = [new Criterion(new Metric.ResponseTime(95), null, 0.2)] } },
            StagedBlueGreen => environment.Policy with { Watch = TimeSpan.FromSeconds(30) },
            GradualBack => environment.Policy with { RollbackMode = RollbackMode.Gradual },
            _ => environment.Policy,
        };
        return environment with
        {
            Policy = policy with { Triggers = [.. policy.Triggers, new Criterion(new Metric.ErrorRate(), new Limit(LimitOperator.LessOrEqual, 0.2))] },
            Services = [.. environment.Services.Select(x => x with { Strategy = spec, Replicas = strategy is Rolling or RollingWithoutSurge ? 3 : x.Replicas })],
        };
    }

    static StrategySpec SpecOf(string strategy) => strategy switch
    {
        Canary or ComparedCanary or GradualBack => new StrategySpec.Canary { Stages = Stages },
        Rolling => new StrategySpec.Rolling { Pause = TimeSpan.FromSeconds(10) },
        RollingWithoutSurge => new StrategySpec.Rolling { MaxSurge = ReplicaAmount.Of(0), MaxUnavailable = ReplicaAmount.Of(1) },
        Flags => new StrategySpec.FeatureFlags { Flags = ["new-checkout"], Stages = Stages },
        Recreate => new StrategySpec.Recreate(),
        _ => new StrategySpec.BlueGreen { Stages = Stages, Fallback = TimeSpan.FromMinutes(10) },
    };
}
