using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>
/// Rolling: a batch of new replicas starts, gets the share that its number has in all, is verified; as many old ones stop. At no time
/// run more replicas than the wanted number and the surge, nor fewer than the wanted number without the unavailable ones.
/// </summary>
static class RollingShift
{
    /// <summary>The replicas' and the traffic's way to the new revision. The old one is left with what it has at the end, for the retirement.</summary>
    public static IEnumerable<RolloutStep> Shift(ServiceMove move, StrategySpec.Rolling rolling)
    {
        var stable = move.Stable!;
        var wanted = move.Target.Replicas;
        var batch = Math.Max(1, rolling.BatchSize.RoundedUp(wanted));
        var surge = rolling.MaxSurge.RoundedUp(wanted);
        // As Kubernetes has it: where both are rounded to nothing, one may be missing, or nothing could ever move.
        var unavailable = surge == 0 ? Math.Max(1, rolling.MaxUnavailable.RoundedDown(wanted)) : rolling.MaxUnavailable.RoundedDown(wanted);
        var fresh = move.ReplicasOf(move.Revision);
        var old = move.ReplicasOf(stable.Revision.Name);
        var weights = move.Weights;
        var isVerified = fresh == 0;
        while (true)
        {
            if (!isVerified)
            {
                yield return new RolloutStep.AwaitHealthy(move.Revision, move.Target.StartupTimeout);
                foreach (var step in Balance(fresh == wanted ? 0 : old))
                    yield return step;
                var analysis = move.Analyse($"batch {fresh} of {wanted}", rolling.Pause, rolling.Criteria, baseline: null);
                if (!move.Done.Contains(analysis.Id))
                    yield return analysis;
                isVerified = true;
            }

            if (fresh == wanted)
                yield break;
            var start = Math.Min(batch, Math.Min(wanted - fresh, wanted + surge - fresh - old));
            if (start > 0)
            {
                yield return fresh == 0 && move.Observed.Find(move.Revision) is null
                    ? new RolloutStep.BringUp(move.Target, move.Version, start)
                    : new RolloutStep.Scale(move.Target, move.Version, fresh, fresh + start);
                fresh += start;
                isVerified = false;
                continue;
            }

            var stop = Math.Clamp(fresh + old - wanted + unavailable, 1, Math.Min(old, batch));
            foreach (var step in Balance(old - stop))
                yield return step;
            yield return new RolloutStep.Scale(stable, move.StableVersion, old, old - stop);
            old -= stop;
        }

        IEnumerable<RolloutStep> Balance(int olds)
        {
            var goal = Shares(move.Revision, fresh, stable.Revision.Name, olds);
            if (weights == goal)
                yield break;
            yield return new RolloutStep.Switch(move.Name, weights, goal, goal == move.Goal ? null : $"{fresh} of {fresh + olds}");
            weights = goal;
        }
    }

    static TrafficWeights Shares(string fresh, int freshCount, string old, int oldCount)
    {
        if (freshCount == 0)
            return oldCount == 0 ? TrafficWeights.None : TrafficWeights.AllTo(old);
        if (oldCount == 0)
            return TrafficWeights.AllTo(fresh);
        var share = Math.Clamp((int)Math.Round(100.0 * freshCount / (freshCount + oldCount)), 1, 99);
        return new TrafficWeights { Shares = ImmutableSortedDictionary<string, int>.Empty.Add(fresh, share).Add(old, 100 - share) };
    }
}
