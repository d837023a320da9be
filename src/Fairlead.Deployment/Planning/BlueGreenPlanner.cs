using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>
/// Blue-green: every service gets its new revision beside the old one; when all are healthy the traffic moves at once, service by
/// service; when the public addresses answer, the old revisions are retired.
/// </summary>
/// <remarks>
/// Pure. Guarantees: no traffic moves before every new revision is healthy; no revision is retired that has traffic or that an undo
/// would need (retiring comes after verifying); a service that has traffic is never without, except where it is taken away on purpose
/// (a service that the target no longer has, or an undo with nothing to go back to).
/// </remarks>
static class BlueGreenPlanner
{
    /// <summary>
    /// Gives each service its revision: the live one where that runs the same, is healthy and has traffic to itself or none yet;
    /// otherwise a new one, with an ordinal that was never used.
    /// </summary>
    /// <param name="wish">What is wanted; its ordinals do not matter.</param>
    /// <param name="live">What the journal says is live, or null.</param>
    /// <param name="lastOrdinal">The highest ordinal that the journal knows.</param>
    /// <param name="observed">What is really there.</param>
    public static DeploymentTarget Aim(DeploymentTarget wish, DeploymentTarget? live, int lastOrdinal, PlatformState observed)
    {
        // A lost journal must not lead to two revisions of one name.
        var next = Math.Max(lastOrdinal, observed.Revisions.Select(x => x.Revision.Ordinal).DefaultIfEmpty().Max()) + 1;
        return wish with
        {
            Services =
            [
                .. wish.Services.Select(x => x with
                {
                    Ordinal = live?.Find(x.Name) is { } old && old.RunsTheSameAs(x) && IsHealthy(observed, old.Revision.Name) ? old.Ordinal : next++,
                }),
            ],
        };
    }

    /// <summary>The steps from what is there to the target. Empty when the target is live already.</summary>
    public static RolloutPlan Plan(string environment, OperationKind kind, DeploymentTarget target, DeploymentTarget? live, PlatformState observed)
    {
        var fresh = target.Services.Where(x => live?.Find(x.Name)?.Revision.Name != x.Revision.Name).ToList();
        var starting = fresh.Where(x => !IsHealthy(observed, x.Revision.Name)).ToList();
        var switching = target.Services.Where(x => observed.WeightsOf(x.Name) != TrafficWeights.AllTo(x.Revision.Name)).ToList();
        var moved = live is null || !target.HasTheEndpointsOf(live);
        var steps = ImmutableArray.CreateBuilder<RolloutStep>();
        if (fresh.Count > 0 || switching.Count > 0 || moved)
            steps.Add(new RolloutStep.Prepare(target.Endpoints()));
        steps.AddRange(starting.Select(x => new RolloutStep.BringUp(x, target.Release.Version)));
        steps.AddRange(starting.Select(x => new RolloutStep.AwaitHealthy(x.Revision.Name, x.StartupTimeout)));
        if (fresh.Count > 1 && switching.Count > 0)
            steps.Add(new RolloutStep.Recheck([.. fresh.Select(x => x.Revision.Name)]));
        steps.AddRange(switching.Select(x => new RolloutStep.Switch(x.Name, observed.WeightsOf(x.Name), TrafficWeights.AllTo(x.Revision.Name))));
        steps.AddRange(target.Services
            .Where(x => x.Url is not null && (moved || fresh.Contains(x) || switching.Contains(x)))
            .Select(x => new RolloutStep.Verify(x.Name, new Uri(x.Url!, x.Probe?.ReadyPath ?? "/"), x.Revision.Name)));
        steps.AddRange(RetireOthers(target, observed));
        if (moved && (live is not null || observed.Revisions.Length > 0))
            steps.Add(new RolloutStep.CloseOthers(target.Endpoints()));
        if (steps.Count > 0 || live is null || live.Release.Digest != target.Release.Digest)
            steps.Add(new RolloutStep.Record(OperationResult.Succeeded, $"{Name(target)} is live on {environment}"));
        return new RolloutPlan(
            kind == OperationKind.Rollback ? $"Roll {environment} back to {Name(target)}" : $"Deploy {Name(target)} to {environment}, blue-green",
            steps.ToImmutable());
    }

    /// <summary>The steps that are left of a deployment that was verified and has begun to retire the old revisions: there is no way back, and nothing to wait for.</summary>
    public static RolloutPlan PlanFinish(string environment, DeploymentTarget target, PlatformState observed) => new(
        $"Finish the interrupted deployment of {Name(target)} to {environment}",
        [
            .. RetireOthers(target, observed),
            new RolloutStep.CloseOthers(target.Endpoints()),
            new RolloutStep.Record(OperationResult.Succeeded, $"{Name(target)} is live on {environment}"),
        ]);

    /// <summary>Only the record of a deployment that is past return, when its revisions have fallen since and nothing else can be done in its name.</summary>
    public static RolloutPlan PlanRecord(string environment, DeploymentTarget target) => new(
        $"Record the interrupted deployment of {Name(target)} to {environment}",
        [new RolloutStep.Record(OperationResult.Succeeded, $"{Name(target)} was made live on {environment}")]);

    /// <summary>The steps that take an unfinished deployment back: traffic first, then the new revisions go.</summary>
    /// <param name="environment">The environment's name.</param>
    /// <param name="failed">What was to become live.</param>
    /// <param name="stable">What was live before, or null.</param>
    /// <param name="observed">What is really there.</param>
    public static RolloutPlan PlanUndo(string environment, DeploymentTarget failed, DeploymentTarget? stable, PlatformState observed)
    {
        var steps = ImmutableArray.CreateBuilder<RolloutStep>();
        var moved = stable is not null && observed.Revisions.Length > 0 && !stable.HasTheEndpointsOf(failed);
        if (moved)
            steps.Add(new RolloutStep.Prepare(stable!.Endpoints()));
        foreach (var service in failed.Services.Select(x => x.Name).Union(stable?.Services.Select(x => x.Name) ?? []))
        {
            var now = observed.WeightsOf(service);
            var back = stable?.Find(service)?.Revision.Name is { } old && observed.Find(old) is not null ? TrafficWeights.AllTo(old) : TrafficWeights.None;
            // What the failed deployment never touched may be somebody's whom the journal does not know; it keeps its traffic.
            var stranger = back == TrafficWeights.None && failed.Find(service) is { } x && now.Of(x.Revision.Name) == 0;
            if (now != back && !stranger)
                steps.Add(new RolloutStep.Switch(service, now, back));
        }

        var gone = failed.Services.Select(x => x.Revision.Name)
            .Where(x => observed.Find(x) is not null && stable?.Services.Any(old => old.Revision.Name == x) != true)
            .ToList();
        steps.AddRange(gone.Select(x => new RolloutStep.Retire(x)));
        if (stable is null && observed.Revisions.All(x => gone.Contains(x.Revision.Name)))
            steps.Add(new RolloutStep.Remove());
        if (moved)
            steps.Add(new RolloutStep.CloseOthers(stable!.Endpoints()));
        steps.Add(new RolloutStep.Record(OperationResult.Undone, stable is null ? $"nothing is live on {environment}" : $"{Name(stable)} is live on {environment}"));
        return new RolloutPlan($"Take back {Name(failed)} on {environment}", steps.ToImmutable());
    }

    /// <summary>The steps that stop an environment.</summary>
    public static RolloutPlan PlanDown(string environment) => new(
        $"Stop {environment}",
        [new RolloutStep.Remove(), new RolloutStep.Record(OperationResult.Succeeded, $"nothing is live on {environment}")]);

    static IEnumerable<RolloutStep> RetireOthers(DeploymentTarget target, PlatformState observed)
    {
        foreach (var (service, weights) in observed.Weights.Where(x => target.Find(x.Key) is null && x.Value != TrafficWeights.None))
            yield return new RolloutStep.Switch(service, weights, TrafficWeights.None);
        foreach (var other in observed.Revisions.Where(x => target.Services.All(service => service.Revision.Name != x.Revision.Name)))
            yield return new RolloutStep.Retire(other.Revision.Name);
    }

    static bool IsHealthy(PlatformState observed, string revision) => observed.Find(revision)?.Phase == RevisionPhase.Healthy;

    static string Name(DeploymentTarget target) => $"{target.Release.Application} {target.Release.Version}";
}
