using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Feature flags: off while the release goes live, then on for growing shares. Flags that the live release has had already stay as they are.</summary>
static class FlagSchedule
{
    /// <summary>The flags that are new with a release.</summary>
    public static ImmutableArray<string> NewFlags(ServiceTarget target, ServiceTarget? live) =>
        target.Strategy is StrategySpec.FeatureFlags flags ? [.. flags.Flags.Except((live?.Strategy as StrategySpec.FeatureFlags)?.Flags ?? [])] : [];

    public static IEnumerable<RolloutStep> Off(ServiceMove move, ServiceTarget? live)
    {
        var flags = NewFlags(move.Target, live);
        if (flags.Length > 0 && !move.Done.Any(x => x.StartsWith($"flags {move.Name} ", StringComparison.Ordinal)))
            yield return Set(move.Target, flags, 0);
    }

    public static IEnumerable<RolloutStep> On(ServiceMove move, ServiceTarget? live)
    {
        var flags = NewFlags(move.Target, live);
        if (flags.IsEmpty)
            yield break;
        var stages = ((StrategySpec.FeatureFlags)move.Target.Strategy).Stages;
        if (move.IsDirect)
        {
            // Nobody had the release without the flags.
            yield return Set(move.Target, flags, stages[^1].Share);
            yield break;
        }

        foreach (var stage in stages)
        {
            var analysis = move.Analyse(stage.Name, stage.Duration, stage.Criteria, baseline: null);
            if (move.Done.Contains(stage.ManualPromotion ? new RolloutStep.Hold(move.Name, stage.Name).Id : analysis.Id))
                continue;
            yield return Set(move.Target, flags, stage.Share);
            yield return analysis;
            if (stage.ManualPromotion)
                yield return new RolloutStep.Hold(move.Name, stage.Name);
        }
    }

    /// <summary>Gives flags of a service that goes by this strategy to a share of the users.</summary>
    public static RolloutStep.SetFlags Set(ServiceTarget service, ImmutableArray<string> flags, int share) =>
        new(service.Name, ((StrategySpec.FeatureFlags)service.Strategy).File!, flags, share);
}
