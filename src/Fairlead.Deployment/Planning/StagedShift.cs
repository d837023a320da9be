using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>
/// Blue-green and canary: the new revision stands beside the old one, and the traffic moves in shares. Blue-green starts all replicas at
/// once, a canary as many as its share needs.
/// </summary>
static class StagedShift
{
    /// <summary>What must be up, and healthy, before any traffic moves.</summary>
    public static IEnumerable<RolloutStep> Prepare(ServiceMove move, ImmutableArray<StageSpec> stages, bool grows)
    {
        var pending = Pending(move, stages);
        var replicas = ReplicasFor(move, pending.IsEmpty ? 100 : pending[0].Share, grows);
        foreach (var step in Size(move.Target, move.Version, replicas, move))
            yield return step;
        if (pending.Length > 0 && BaselineOf(move, stages) is { } baseline && BaselineShare(pending[0].Share) > 0)
        {
            foreach (var step in Size(baseline, move.StableVersion, ReplicasFor(move, BaselineShare(pending[0].Share), grows), move))
                yield return step;
        }
    }

    /// <summary>The traffic's way to the new revision.</summary>
    public static IEnumerable<RolloutStep> Shift(ServiceMove move, ImmutableArray<StageSpec> stages, bool grows, Affinity? sticky)
    {
        var pending = Pending(move, stages);
        var baseline = BaselineOf(move, stages);
        var replicas = pending.IsEmpty ? ReplicasFor(move, 100, grows) : ReplicasFor(move, pending[0].Share, grows);
        var baselineReplicas = pending.IsEmpty || baseline is null ? 0 : ReplicasFor(move, BaselineShare(pending[0].Share), grows);
        var weights = move.Weights;
        foreach (var stage in pending)
        {
            var compared = baseline is not null && BaselineShare(stage.Share) > 0 ? baseline : null;
            foreach (var step in Grow(move.Target, move.Version, ref replicas, ReplicasFor(move, stage.Share, grows)))
                yield return step;
            if (compared is not null)
            {
                foreach (var step in Grow(compared, move.StableVersion, ref baselineReplicas, ReplicasFor(move, BaselineShare(stage.Share), grows)))
                    yield return step;
            }

            var shares = Shares(move, stage.Share, compared?.Revision.Name, sticky);
            if (weights != shares)
                yield return new RolloutStep.Switch(move.Name, weights, shares, stage.Name);
            weights = shares;
            if (stage.Share < 100 || stage.Duration > TimeSpan.Zero || stage.Criteria.Length > 0)
                yield return move.Analyse(stage.Name, stage.Duration, [.. stage.Criteria, .. move.Policy.Analysis.Comparisons], compared?.Revision.Name);
            if (stage.ManualPromotion)
                yield return new RolloutStep.Hold(move.Name, stage.Name);
        }

        foreach (var step in Grow(move.Target, move.Version, ref replicas, move.Target.Replicas))
            yield return step;
        if (weights != move.Goal)
            yield return new RolloutStep.Switch(move.Name, weights, move.Goal);
        if (baseline is not null && (move.Observed.Find(baseline.Revision.Name) is not null || pending.Any(x => BaselineShare(x.Share) > 0)))
            yield return new RolloutStep.Retire(baseline.Revision.Name, IsBaseline: true);
    }

    /// <summary>Whether a fresh copy of the stable revision is needed to compare with.</summary>
    public static bool Compares(RolloutPolicy policy, ImmutableArray<StageSpec> stages) =>
        stages.Any(x => x.Share < 100 && (policy.Analysis.Comparisons.Length > 0 || x.Criteria.Any(y => y.MaximumDegradation is not null)));

    static ImmutableArray<StageSpec> Pending(ServiceMove move, ImmutableArray<StageSpec> stages) =>
        [.. stages.SkipWhile(x => move.Done.Contains(x.ManualPromotion ? new RolloutStep.Hold(move.Name, x.Name).Id : move.Analyse(x.Name, default, [], null).Id))];

    static ServiceTarget? BaselineOf(ServiceMove move, ImmutableArray<StageSpec> stages) =>
        move.Target.BaselineOrdinal is { } ordinal && move.Stable is { } stable && Compares(move.Policy, stages) ? stable with { Ordinal = ordinal } : null;

    /// <summary>The same share as the new revision, as far as there is one left.</summary>
    static int BaselineShare(int share) => Math.Min(share, 100 - share);

    static int ReplicasFor(ServiceMove move, int share, bool grows) => grows ? Math.Max(1, (move.Target.Replicas * share + 99) / 100) : move.Target.Replicas;

    static TrafficWeights Shares(ServiceMove move, int share, string? baseline, Affinity? sticky)
    {
        var shares = ImmutableSortedDictionary<string, int>.Empty.Add(move.Revision, share);
        var rest = 100 - share;
        if (baseline is not null)
        {
            shares = shares.Add(baseline, BaselineShare(share));
            rest -= BaselineShare(share);
        }

        if (rest > 0)
            shares = shares.Add(move.Stable!.Revision.Name, rest);
        return new TrafficWeights { Shares = shares, Affinity = sticky, Layout = [.. ((string?[])[move.Revision, baseline, move.Stable!.Revision.Name]).OfType<string>().Where(shares.ContainsKey)] };
    }

    static IEnumerable<RolloutStep> Size(ServiceTarget service, string version, int replicas, ServiceMove move)
    {
        var seen = move.Observed.Find(service.Revision.Name);
        if (seen is { RetiresAt: not null, Phase: RevisionPhase.Healthy })
            yield return new RolloutStep.Scale(service, version, seen.Replicas, replicas);
        else if (seen is null || seen.Phase != RevisionPhase.Healthy && seen.Replicas == replicas)
            yield return new RolloutStep.BringUp(service, version, replicas);
        else if (seen.Replicas != replicas)
            yield return new RolloutStep.Scale(service, version, seen.Replicas, replicas);
    }

    static RolloutStep[] Grow(ServiceTarget service, string version, ref int replicas, int to)
    {
        if (replicas == to)
            return [];
        var from = replicas;
        replicas = to;
        return [new RolloutStep.Scale(service, version, from, to), new RolloutStep.AwaitHealthy(service.Revision.Name, service.StartupTimeout)];
    }
}
