using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>
/// Turns what is wanted and what is there into the steps between. Each service goes by its strategy; what is common to all (addresses,
/// the guard, verification, the watch afterwards, retirement) is laid around.
/// </summary>
/// <remarks>
/// Pure. Guarantees: no traffic moves to a revision that was not seen healthy before; no revision is retired that has traffic or that an
/// undo would need (retiring comes after verifying and watching); a service that has traffic is never without, except where it is taken
/// away on purpose (a service that the target no longer has, the strategy <c>recreate</c>, a rolling update that may be short of all
/// replicas, or an undo with nothing to go back to).
/// </remarks>
static class RolloutPlanner
{
    static readonly IReadOnlySet<string> Nothing = ImmutableHashSet<string>.Empty;

    /// <summary>
    /// Gives each service its revision: the live one, or one kept as a fallback, where that runs the same and is healthy; otherwise a new
    /// one, with an ordinal that was never used.
    /// </summary>
    /// <param name="wish">What is wanted; its ordinals do not matter.</param>
    /// <param name="live">What the journal says is live, or null.</param>
    /// <param name="lastOrdinal">The highest ordinal that the journal knows.</param>
    /// <param name="observed">What is really there.</param>
    /// <param name="kind">A rollback is never gradual, so nothing is compared.</param>
    public static DeploymentTarget Aim(DeploymentTarget wish, DeploymentTarget? live, int lastOrdinal, PlatformState observed, OperationKind kind = OperationKind.Deploy)
    {
        // A lost journal must not lead to two revisions of one name.
        var next = Math.Max(lastOrdinal, observed.Revisions.Select(x => x.Revision.Ordinal).DefaultIfEmpty().Max()) + 1;
        return wish with { Services = [.. wish.Services.Select(Aimed)] };

        ServiceTarget Aimed(ServiceTarget service)
        {
            if (live?.Find(service.Name) is { } old && old.RunsTheSameAs(service) && IsHealthy(observed, old.Revision.Name))
                return service with { Ordinal = old.Ordinal, BaselineOrdinal = null };
            var fallback = observed.Revisions.LastOrDefault(x => Runs(x.Revision, service) && x is { Phase: RevisionPhase.Healthy, Replicas: > 0 });
            if (fallback is not null)
                return service with { Ordinal = fallback.Revision.Ordinal, BaselineOrdinal = null };
            var compares = kind == OperationKind.Deploy && service.Url is not null && live?.Find(service.Name) is not null
                && StagesOf(service.Strategy) is { IsEmpty: false } stages && StagedShift.Compares(wish.Policy, stages);
            return service with { Ordinal = next++, BaselineOrdinal = compares ? next++ : null };
        }

        static bool Runs(Revision revision, ServiceTarget service) =>
            revision.Service == service.Name && revision.ArtifactDigest == service.ArtifactDigest && revision.ConfigurationDigest == service.ConfigurationDigest;
    }

    /// <summary>The steps from what is there to the target. Empty when the target is live already.</summary>
    /// <param name="environment">The environment's name.</param>
    /// <param name="kind">A deployment goes by its strategies, a rollback at once.</param>
    /// <param name="target">What is to become live.</param>
    /// <param name="live">What the journal says is live, or null.</param>
    /// <param name="observed">What is really there.</param>
    /// <param name="done">Ids of the steps that the same operation has done before it was interrupted.</param>
    /// <param name="database">What a rollback does to the database.</param>
    public static RolloutPlan Plan(
        string environment, OperationKind kind, DeploymentTarget target, DeploymentTarget? live, PlatformState observed, IReadOnlySet<string>? done = null, DatabaseReturn? database = null)
    {
        var way = (database ?? DatabaseReturn.Nothing).Without(done ?? Nothing);
        var moves = target.Services.Select(x => MoveOf(x, kind, target, live, observed, done ?? Nothing)).ToList();
        var fresh = moves.Where(x => live?.Find(x.Name)?.Revision.Name != x.Revision).ToList();
        var moving = moves.Where(x => IsMoving(x, fresh) || (kind == OperationKind.Deploy && fresh.Contains(x) && FlagSchedule.On(x, live?.Find(x.Name)).Any())).ToList();
        var moved = live is null || !target.HasTheEndpointsOf(live);
        var steps = ImmutableArray.CreateBuilder<RolloutStep>();
        var isUnderWay = fresh.Count > 0 || moving.Count > 0 || moved || (kind == OperationKind.Deploy && live is not null && DatabaseSchedule.IsNew(target, live));
        if (kind == OperationKind.Deploy && target.NeedsApproval && isUnderWay && done?.Contains(RolloutStep.Approve.StepId) != true)
            steps.Add(new RolloutStep.Approve());
        if (isUnderWay)
            steps.Add(new RolloutStep.Prepare(target.Endpoints()));
        // With nothing else than services that must not run twice, the database changes while nothing runs.
        var hasDowntime = moving.Count > 0 && moving.TrueForAll(x => x.Strategy is StrategySpec.Recreate);
        var migration = kind == OperationKind.Deploy && isUnderWay ? DatabaseSchedule.Before(target, live, hasDowntime, done ?? Nothing).ToList() : [];
        // What is there now cannot go on with a database as it was before.
        if (!way.First.IsEmpty)
            steps.AddRange(moving.Where(x => x.Weights != TrafficWeights.None).Select(x => new RolloutStep.Switch(x.Name, x.Weights, TrafficWeights.None, "off")));
        steps.AddRange(hasDowntime ? way.First : [.. way.First, .. migration]);
        if (kind == OperationKind.Deploy)
            steps.AddRange(moving.SelectMany(x => FlagSchedule.Off(x, live?.Find(x.Name))));

        var prepared = moving.SelectMany(Prepare).ToList();
        steps.AddRange(prepared);
        steps.AddRange(Started(prepared).Select(x => new RolloutStep.AwaitHealthy(x.Revision.Name, x.StartupTimeout)));
        var beside = fresh.Where(x => x.Strategy is not (StrategySpec.Recreate or StrategySpec.Rolling)).ToList();
        var shift = hasDowntime ? Interrupted(moving, migration) : [.. moving.SelectMany(Shift)];
        if (beside.Count > 1 && shift.Count > 0)
            steps.Add(new RolloutStep.Recheck([.. beside.Select(x => x.Revision)]));
        var flagged = kind == OperationKind.Deploy ? moving.SelectMany(x => FlagSchedule.On(x, live?.Find(x.Name))).ToList() : [];
        List<RolloutStep.RunCheck> checks = kind == OperationKind.Deploy && (fresh.Count > 0 || moving.Count > 0)
            ? [.. target.Checks.Select(x => new RolloutStep.RunCheck(x)).Where(x => done?.Contains(x.Id) != true)] : [];
        var watch = kind == OperationKind.Deploy && target.Policy.Watch > TimeSpan.Zero && (fresh.Count > 0 || moving.Count > 0) ? WatchOf(target, moves) : null;
        if (watch is not null && done?.Contains(watch.Id) == true)
            watch = null;
        // Also where all traffic has moved already: the guard of a command that was lost must not act on the one that goes on.
        var guard = shift.Count > 0 || flagged.Count > 0 || checks.Count > 0 || watch is not null ? GuardOf(kind, target, live, moves) : null;
        if (guard is not null)
            steps.Add(guard);
        steps.AddRange(shift);
        var asked = target.Services.Where(x => x.Url is not null && (moved || fresh.Concat(moving).Any(y => y.Target == x))).ToList();
        steps.AddRange(asked.Select(x => new RolloutStep.Verify(x.Name, PublicAddress(x), x.Revision.Name, IsRequired: kind == OperationKind.Deploy)));
        steps.AddRange(checks);
        steps.AddRange(flagged);
        if (watch is not null)
            steps.Add(watch);
        // One that goes on after an interruption does not know whether the guard was set just then.
        if (guard is not null || (done is not null && kind == OperationKind.Deploy && live is not null && target.Policy.ControllerLost == LostController.Rollback))
            steps.Add(new RolloutStep.Unguard());

        steps.AddRange(RetireOthers(target, live, observed, kind == OperationKind.Deploy, steps.Count > 0));
        if (moved && (live is not null || observed.Revisions.Length > 0))
            steps.Add(new RolloutStep.CloseOthers(target.Endpoints()));
        steps.AddRange(way.Last);
        if (steps.Count > 0 || live is null || live.Release.Digest != target.Release.Digest)
            steps.Add(new RolloutStep.Record(OperationResult.Succeeded, $"{Name(target)} is live on {environment}"));
        var strategies = string.Join(", ", target.Services.Select(x => x.Strategy.Name).Distinct());
        return new RolloutPlan(
            kind == OperationKind.Rollback ? $"Roll {environment} back to {Name(target)}" : $"Deploy {Name(target)} to {environment}, {strategies}",
            steps.ToImmutable());
    }

    /// <summary>Whether an interrupted operation has all traffic and nothing of it is left to be judged: then it is only finished, whoever comes next.</summary>
    public static bool IsJudged(UnfinishedOperation unfinished, DeploymentTarget target, DeploymentTarget? live, PlatformState observed) =>
        target.Services.All(x => observed.WeightsOf(x.Name) == TrafficWeights.AllTo(x.Revision.Name))
        && !Plan("", unfinished.Kind, target, live, observed, unfinished.Done).Steps.Any(x => x is RolloutStep.Analyse or RolloutStep.Hold or RolloutStep.RunCheck);

    /// <summary>The steps that are left of a deployment that was verified and has begun to retire the old revisions: there is no way back, and nothing to wait for.</summary>
    public static RolloutPlan PlanFinish(string environment, DeploymentTarget target, DeploymentTarget? live, PlatformState observed, DatabaseReturn database) => new(
        $"Finish the interrupted deployment of {Name(target)} to {environment}",
        [
            .. RetireOthers(target, live, observed, keepsFallback: true, isUnderWay: true),
            new RolloutStep.CloseOthers(target.Endpoints()),
            .. database.Last,
            new RolloutStep.Record(OperationResult.Succeeded, $"{Name(target)} is live on {environment}"),
        ]);

    /// <summary>The contracting migrations of what is live, for which the fallback goes first.</summary>
    public static RolloutPlan PlanContract(string environment, DeploymentTarget live, PlatformState observed) => new(
        $"Contract the database of {environment} to {Name(live)}",
        [
            .. RetireOthers(live, live, observed, keepsFallback: false, isUnderWay: true),
            .. live.Database!.BacksUp ? (RolloutStep[])[new RolloutStep.BackUp(live.Database, live.Release.Version)] : [],
            DatabaseSchedule.Contract(live, live.Database),
            new RolloutStep.Record(OperationResult.Succeeded, $"the database of {environment} has what {Name(live)} uses, and no more"),
        ]);

    /// <summary>A copy of the database, outside of a deployment.</summary>
    public static RolloutPlan PlanBackUp(string environment, DatabaseSpec database, DeploymentTarget? live) => new(
        $"Copy the database of {environment}",
        [new RolloutStep.BackUp(database, live?.Release.Version), new RolloutStep.Record(OperationResult.Succeeded, $"the database of {environment} is copied")]);

    /// <summary>A copy of the database brought back, outside of a rollback.</summary>
    public static RolloutPlan PlanRestore(string environment, DatabaseSpec database, DatabaseBackup backup) => new(
        $"Bring the database of {environment} back to {backup.Id}",
        [new RolloutStep.Restore(database, backup), new RolloutStep.Record(OperationResult.Succeeded, $"the database of {environment} is as it was {backup.At:yyyy-MM-dd HH:mm:ss} UTC")]);

    /// <summary>The end of a deployment that did nothing but wait for consent.</summary>
    public static RolloutPlan PlanWithdraw(string environment, DeploymentTarget target) => new(
        $"Withdraw {Name(target)} from {environment}",
        [new RolloutStep.Record(OperationResult.Undone, $"{Name(target)} waits for nobody any more")]);

    /// <summary>Only the record of a deployment that is past return, when its revisions have fallen since and nothing else can be done in its name.</summary>
    public static RolloutPlan PlanRecord(string environment, DeploymentTarget target, DatabaseReturn database) => new(
        $"Record the interrupted deployment of {Name(target)} to {environment}",
        [.. database.Last, new RolloutStep.Record(OperationResult.Succeeded, $"{Name(target)} was made live on {environment}")]);

    /// <summary>The steps that stop an environment.</summary>
    public static RolloutPlan PlanDown(string environment) => new(
        $"Stop {environment}",
        [new RolloutStep.Remove(), new RolloutStep.Record(OperationResult.Succeeded, $"nothing is live on {environment}")]);

    internal static Uri PublicAddress(ServiceTarget service) => new(service.Url!, service.Probe?.ReadyPath ?? "/");

    internal static string Name(DeploymentTarget target) => $"{target.Release.Application} {target.Release.Version}";

    static ServiceMove MoveOf(ServiceTarget service, OperationKind kind, DeploymentTarget target, DeploymentTarget? live, PlatformState observed, IReadOnlySet<string> done)
    {
        var stable = live?.Find(service.Name) is { } old && old.Revision.Name != service.Revision.Name && observed.Find(old.Revision.Name) is not null ? old : null;
        // One that is stopped in the course of a rolling update or a recreation is there and can be gone back to; one of which nothing is well
        // protects nobody. A single sick replica of it is no reason to skip the stages.
        var isWell = stable is not null && observed.Find(stable.Revision.Name) is { Phase: not RevisionPhase.Draining, HealthyReplicas: > 0 } or { Replicas: 0 };
        return new ServiceMove
        {
            Target = service,
            Version = target.Release.Version,
            Stable = stable,
            StableVersion = live?.Release.Version ?? "",
            IsDirect = kind == OperationKind.Rollback || !isWell,
            Observed = observed,
            Done = done,
            Policy = target.Policy,
        };
    }

    static bool IsMoving(ServiceMove move, List<ServiceMove> fresh) =>
        move.Weights != move.Goal
        || move.ReplicasOf(move.Revision) != move.Target.Replicas
        || (fresh.Contains(move) && (!move.IsHealthy(move.Revision) || Shift(move).Any()));

    static IEnumerable<RolloutStep> Prepare(ServiceMove move) => move.Strategy switch
    {
        StrategySpec.Rolling or StrategySpec.Recreate => [],
        StrategySpec.Canary canary => StagedShift.Prepare(move, canary.Stages, grows: true),
        var strategy => StagedShift.Prepare(move, StagesOf(strategy), grows: false),
    };

    static IEnumerable<RolloutStep> Shift(ServiceMove move) => move.Strategy switch
    {
        StrategySpec.Rolling rolling => RollingShift.Shift(move, rolling),
        StrategySpec.Recreate => RecreateShift.Shift(move),
        StrategySpec.Canary canary => StagedShift.Shift(move, canary.Stages, grows: true, canary.Sticky),
        var strategy => StagedShift.Shift(move, StagesOf(strategy), grows: false, sticky: null),
    };

    static ImmutableArray<StageSpec> StagesOf(StrategySpec strategy) => strategy switch
    {
        StrategySpec.BlueGreen x => x.Stages,
        StrategySpec.Canary x => x.Stages,
        _ => [],
    };

    static TimeSpan FallbackOf(StrategySpec strategy) => strategy switch
    {
        StrategySpec.BlueGreen x => x.Fallback,
        StrategySpec.Canary x => x.Fallback,
        StrategySpec.FeatureFlags x => x.Fallback,
        _ => TimeSpan.Zero,
    };

    static IEnumerable<ServiceTarget> Started(IEnumerable<RolloutStep> steps) => steps.Select(x => x switch
    {
        RolloutStep.BringUp bringUp => bringUp.Service,
        RolloutStep.Scale scale => scale.Service,
        _ => null,
    }).OfType<ServiceTarget>();

    static RolloutStep.Guard? GuardOf(OperationKind kind, DeploymentTarget target, DeploymentTarget? live, List<ServiceMove> moves)
    {
        if (kind != OperationKind.Deploy || target.Policy.ControllerLost != LostController.Rollback || live is null)
            return null;
        var services = live.Services
            .Where(x => moves.Exists(y => y.Stable == x))
            .Select(x => new GuardedService(x.Name, x.Revision.Name, x.Replicas, target.Find(x.Name) is { Strategy: StrategySpec.Recreate } next ? next.Revision.Name : null))
            .ToImmutableArray();
        return services.IsEmpty ? null : new RolloutStep.Guard(new TrafficGuard(target.Policy.ControllerLostAfter, services));
    }

    static RolloutStep.Analyse WatchOf(DeploymentTarget target, List<ServiceMove> moves) =>
        new(RolloutStep.Analyse.AfterRollout, target.Policy.Watch, [.. moves.Select(x => x.Subject([], baseline: null))], target.Policy.Analysis, NeedsData: false);

    /// <summary>
    /// Everything that is not the target goes. What was live may stay a while as the fallback; a fallback of an earlier deployment stays
    /// only while nothing else is done.
    /// </summary>
    static IEnumerable<RolloutStep> RetireOthers(DeploymentTarget target, DeploymentTarget? live, PlatformState observed, bool keepsFallback, bool isUnderWay)
    {
        foreach (var (service, weights) in observed.Weights.Where(x => target.Find(x.Key) is null && x.Value != TrafficWeights.None))
            yield return new RolloutStep.Switch(service, weights, TrafficWeights.None);
        foreach (var other in observed.Revisions.Where(x => target.Services.All(service => service.Revision.Name != x.Revision.Name && service.BaselineName != x.Revision.Name)))
        {
            if (other.RetiresAt is not null && !isUnderWay)
                continue;
            var wasLive = live?.Services.Any(x => x.Revision.Name == other.Revision.Name) == true;
            var after = keepsFallback && wasLive && other.Replicas > 0 && target.Find(other.Revision.Service) is { } successor ? FallbackOf(successor.Strategy) : TimeSpan.Zero;
            yield return new RolloutStep.Retire(other.Revision.Name, after);
        }

        // Normally retired in the shift; here only when that was interrupted.
        foreach (var baseline in target.Services.Select(x => x.BaselineName).Where(x => x is not null && !isUnderWay && observed.Find(x) is not null))
            yield return new RolloutStep.Retire(baseline!, IsBaseline: true);
    }

    /// <summary>Everything stops, the database changes, and everything starts again.</summary>
    static List<RolloutStep> Interrupted(List<ServiceMove> moves, List<RolloutStep> database)
    {
        var shifts = moves.ConvertAll(x => Shift(x).ToList());
        return
        [
            .. shifts.SelectMany(x => x.TakeWhile(IsStop)),
            .. database,
            .. shifts.SelectMany(x => x.SkipWhile(IsStop)),
        ];
    }

    static bool IsStop(RolloutStep step) => step is RolloutStep.Scale || (step is RolloutStep.Switch { To: var to } && to == TrafficWeights.None);

    static bool IsHealthy(PlatformState observed, string revision) => observed.Find(revision) is { Phase: RevisionPhase.Healthy, Replicas: > 0 };
}
