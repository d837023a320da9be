using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>
/// The way back of a deployment that has not ended: traffic back to the stable revisions, flags off, then the new revisions go. The
/// failing revision never gets more traffic than it has.
/// </summary>
static class UndoPlanner
{
    /// <param name="environment">The environment's name.</param>
    /// <param name="failed">What was to become live.</param>
    /// <param name="stable">What was live before, or null.</param>
    /// <param name="observed">What is really there.</param>
    /// <param name="isGradual">Whether the traffic goes back in steps, where the failing revision is healthy.</param>
    /// <param name="operation">The operation that is taken back, where the database took part in it.</param>
    public static RolloutPlan Plan(
        string environment, DeploymentTarget failed, DeploymentTarget? stable, PlatformState observed, bool isGradual = false, UnfinishedOperation? operation = null)
    {
        var steps = ImmutableArray.CreateBuilder<RolloutStep>();
        var database = DatabaseSchedule.Back(failed, operation, NobodyWrote(failed, stable, observed, operation));
        // Flags that cannot be written must not keep the traffic; only while that goes back step by step do they come first.
        if (isGradual)
            steps.AddRange(FlagsOff(failed, stable));
        var moved = stable is not null && observed.Revisions.Length > 0 && !stable.HasTheEndpointsOf(failed);
        if (moved)
            steps.Add(new RolloutStep.Prepare(stable!.Endpoints()));
        var gone = GoneWith(failed, stable, observed).ToList();
        var retired = new HashSet<string>(StringComparer.Ordinal);
        var afterwards = new List<RolloutStep>();
        if (database is RolloutStep.Restore)
        {
            steps.AddRange(gone.Where(retired.Add).Select(x => new RolloutStep.Retire(x)));
            steps.Add(database);
        }

        // First what can take its traffic back as it is: one that cannot be started again must not keep the others waiting.
        foreach (var service in failed.Services.Select(x => x.Name).Union(stable?.Services.Select(x => x.Name) ?? []).OrderBy(x => IsStopped(stable?.Find(x), observed)))
            steps.AddRange(GiveBack(service, failed, stable, observed, isGradual, gone, retired, afterwards));
        if (!isGradual)
            steps.AddRange(FlagsOff(failed, stable));
        steps.AddRange(afterwards);
        steps.AddRange(gone.Where(retired.Add).Select(x => new RolloutStep.Retire(x)));
        if (database is RolloutStep.Migrate)
            steps.Add(database);
        if (stable is null && observed.Revisions.All(x => gone.Contains(x.Revision.Name)))
            steps.Add(new RolloutStep.Remove());
        else if (failed.Policy.ControllerLost == LostController.Rollback && stable is not null && observed.Revisions.Length > 0)
            steps.Add(new RolloutStep.Unguard());
        if (moved)
            steps.Add(new RolloutStep.CloseOthers(stable!.Endpoints()));
        if (stable is not null && steps.OfType<RolloutStep.Switch>().Any())
        {
            steps.AddRange(stable.Services.Where(x => x.Url is not null && observed.Find(x.Revision.Name) is not null && steps.OfType<RolloutStep.Switch>().Any(y => y.Service == x.Name))
                .Select(x => new RolloutStep.Verify(x.Name, RolloutPlanner.PublicAddress(x), x.Revision.Name, IsRequired: false)));
        }

        steps.Add(new RolloutStep.Record(OperationResult.Undone, stable is null ? $"nothing is live on {environment}" : $"{RolloutPlanner.Name(stable)} is live on {environment}"));
        return new RolloutPlan($"Take back {RolloutPlanner.Name(failed)} on {environment}", steps.ToImmutable());
    }

    /// <summary>
    /// Whether nothing of this environment can have written into its database since the copy was made: what was live had stopped before, and nothing of what is taken
    /// back had a request or works without any.
    /// </summary>
    internal static bool NobodyWrote(DeploymentTarget failed, DeploymentTarget? stable, PlatformState observed, UnfinishedOperation? operation) =>
        operation is not null
        && stable is not null
        && observed.GuardActedAt is null
        && failed.Services.Concat(stable.Services).All(x => x.Strategy is StrategySpec.Recreate && observed.WeightsOf(x.Name) == TrafficWeights.None)
        && stable.Services.All(x => failed.Find(x.Name) is not null && observed.Find(x.Revision.Name) is null or { Replicas: 0 })
        && failed.Services.All(x => !operation.Intended.Contains(RolloutStep.Switch.LastId(x.Name)) && (x.Url is not null || !operation.Intended.Contains(RolloutStep.BringUp.IdOf(x.Revision.Name))));

    static IEnumerable<RolloutStep> GiveBack(
        string service, DeploymentTarget failed, DeploymentTarget? stable, PlatformState observed, bool isGradual, List<string> gone, HashSet<string> retired,
        List<RolloutStep> afterwards)
    {
        var now = observed.WeightsOf(service);
        var failing = failed.Find(service);
        var old = stable?.Find(service) is { } x && observed.Find(x.Revision.Name) is not null ? x : null;
        var back = old is null ? TrafficWeights.None : TrafficWeights.AllTo(old.Revision.Name);
        // What the failed deployment never touched may be somebody's whom the journal does not know; it keeps its traffic.
        if (old is null && failing is not null && now.Of(failing.Revision.Name) == 0 && now != TrafficWeights.None)
            yield break;

        var running = old is null ? 0 : observed.Find(old.Revision.Name)!.Replicas;
        var isShort = old is not null && running < old.Replicas;
        if (isShort && running == 0)
        {
            // Nothing of the stable revision runs. One that must not run twice waits until the other has gone.
            if (failing?.Strategy is StrategySpec.Recreate)
            {
                if (now != TrafficWeights.None)
                    yield return new RolloutStep.Switch(service, now, TrafficWeights.None, "off");
                now = TrafficWeights.None;
                foreach (var revision in gone.Where(x => observed.Find(x)!.Revision.Service == service && retired.Add(x)))
                    yield return new RolloutStep.Retire(revision);
            }

            foreach (var step in Restore(old!, stable!.Release.Version, running))
                yield return step;
            isShort = false;
        }
        else if (old is not null && now != back && observed.Find(old.Revision.Name) is { Phase: RevisionPhase.Starting, HealthyReplicas: 0 })
        {
            // It was started again by a way back that was interrupted.
            yield return new RolloutStep.AwaitHealthy(old.Revision.Name, old.StartupTimeout, IsRequired: false);
        }

        var failingServes = old is not null && failing is not null && observed.Find(failing.Revision.Name) is { Phase: RevisionPhase.Healthy };
        // All requests at once on the few old replicas that a rolling update has left would be the next failure.
        if (isShort && failingServes)
        {
            foreach (var step in Restore(old!, stable!.Release.Version, running))
                yield return step;
            isShort = false;
        }

        if (isGradual && failingServes)
        {
            for (var share = now.Of(failing!.Revision.Name) / 2; share >= 5; share /= 2)
            {
                var less = new TrafficWeights { Shares = ImmutableSortedDictionary<string, int>.Empty.Add(failing.Revision.Name, share).Add(old!.Revision.Name, 100 - share), Affinity = now.Affinity };
                yield return new RolloutStep.Switch(service, now, less, $"back to {share} %");
                yield return new RolloutStep.Wait(service, share, failed.Policy.RollbackStep);
                now = less;
            }
        }

        if (now != back)
            yield return new RolloutStep.Switch(service, now, back);
        if (isShort)
            afterwards.AddRange(Restore(old!, stable!.Release.Version, running));
    }

    static bool IsStopped(ServiceTarget? service, PlatformState observed) => service is not null && observed.Find(service.Revision.Name) is { Replicas: 0 };

    static IEnumerable<RolloutStep> FlagsOff(DeploymentTarget failed, DeploymentTarget? stable) =>
        from service in failed.Services
        let flags = FlagSchedule.NewFlags(service, stable?.Find(service.Name))
        where !flags.IsEmpty
        select FlagSchedule.Set(service, flags, 0);

    static IEnumerable<RolloutStep> Restore(ServiceTarget service, string version, int running)
    {
        yield return new RolloutStep.Scale(service, version, running, service.Replicas, IsRequired: false);
        yield return new RolloutStep.AwaitHealthy(service.Revision.Name, service.StartupTimeout, IsRequired: false);
    }

    /// <summary>The failed deployment's own revisions: the new ones, and the copies that they were compared with.</summary>
    static IEnumerable<string> GoneWith(DeploymentTarget failed, DeploymentTarget? stable, PlatformState observed) => failed.Services
        .SelectMany(x => (string?[])[x.Revision.Name, x.BaselineName])
        .OfType<string>()
        .Where(x => observed.Find(x) is not null && stable?.Services.Any(old => old.Revision.Name == x) != true);
}
