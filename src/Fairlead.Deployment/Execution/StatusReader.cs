using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Puts together what the journal says and what is there.</summary>
static class StatusReader
{
    public static EnvironmentStatus Read(
        EnvironmentSpec environment, EnvironmentHistory history, LockHolder? holder, PlatformState observed, Func<DeploymentTarget, bool> hasArtifacts)
    {
        var live = history.Live?.Target;
        var urls = (live?.Services ?? []).Concat(history.Unfinished?.Target?.Services ?? []).GroupBy(x => x.Name).ToDictionary(x => x.Key, x => x.First().Url, StringComparer.Ordinal);
        var there = observed.Revisions.Select(x => new ServiceStatus(
            x.Revision.Service,
            x.Revision.Name,
            x.Version,
            urls.GetValueOrDefault(x.Revision.Service),
            observed.WeightsOf(x.Revision.Service).Of(x.Revision.Name),
            x.Phase,
            x.HealthyReplicas,
            x.Replicas,
            x.Detail)
        { RetiresAt = x.RetiresAt });
        var missing = (live?.Services ?? []).Where(x => observed.Find(x.Revision.Name) is null).Select(x => new ServiceStatus(
            x.Name, x.Revision.Name, live!.Release.Version, x.Url, observed.WeightsOf(x.Name).Of(x.Revision.Name), Phase: null, 0, x.Replicas, Detail: null));
        return new EnvironmentStatus
        {
            Application = environment.Application,
            Environment = environment.Name,
            Live = history.Live,
            Services = [.. there.Concat(missing).OrderBy(x => x.Service, StringComparer.Ordinal).ThenBy(x => Ordinal(x.Revision))],
            OwesContract = history.Live?.OwesContract == true,
            Unfinished = history.Unfinished is { } x ? Describe(x, history, observed) : null,
            Holder = holder,
            Previous = [.. history.Recent.Where(x => (live is null || !x.Target.RunsTheSameAs(live)) && hasArtifacts(x.Target))],
        };
    }

    static InterruptedStatus Describe(UnfinishedOperation operation, EnvironmentHistory history, PlatformState observed)
    {
        var target = operation.Target;
        var version = target?.Release.Version;
        var stable = history.Live is { } live ? $"{live.Target.Release.Version} keeps or gets back all traffic" : "nothing is live then";
        var next = operation switch
        {
            { IsWaiting: true } => $"{operation.Awaiting!.Missing}. Those who may approve run ':approve {operation.Awaiting.Request.Environment}'; deploying the same release again goes on. Nothing was changed: {stable}.",
            { Kind: OperationKind.BackUp } => "The next command gives it up.",
            { Kind: OperationKind.Restore or OperationKind.Contract } => "The next command finishes it first.",
            { Kind: OperationKind.Down } => "The next command finishes stopping everything first.",
            { Kind: OperationKind.Deploy } when observed.GuardActedAt is { } at =>
                $"Its command was lost, and the platform gave the traffic back at {at:yyyy-MM-dd HH:mm:ss} UTC. The next command clears up what is left of {version}.",
            { UndoReason: { } reason } => $"It was being taken back ({reason}). The next command finishes that first; {stable}.",
            { IsPastReturn: true } => $"{version} has all traffic and was verified. The next command retires what is left of the old release.",
            _ when RolloutPlanner.IsJudged(operation, target!, history.Live?.Target, observed) =>
                $"{version} has all traffic already. A deployment verifies it and finishes this first; ':rollback' takes it back ({stable}).",
            _ => $"Deploying the same release goes on with it. Any other deployment, and ':rollback', takes it back first: {stable}.",
        };
        return new InterruptedStatus(operation.Kind, version, operation.Since, operation.By, operation.Intended.LastOrDefault(), next) { IsPaused = operation.IsPaused, IsWaiting = operation.IsWaiting };
    }

    static int Ordinal(string revision) => int.TryParse(revision.AsSpan(revision.LastIndexOf('.') + 1), out var ordinal) ? ordinal : 0;
}
