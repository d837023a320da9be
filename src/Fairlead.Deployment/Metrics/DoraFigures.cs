using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>
/// The four measures of DORA (DORA's "Accelerate: State of DevOps" reports) for one environment over some days before now, as the journal can tell them; docs/metrics.md defines each exactly.
/// </summary>
public sealed record DoraFigures
{
    /// <summary>The environment.</summary>
    public required string Environment { get; init; }

    /// <summary>How long the time is that was looked at.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>Deployments that reached their aim in that time.</summary>
    public required int Deployments { get; init; }

    /// <summary>How many of them there were on a day.</summary>
    public double DeploymentsPerDay => Deployments / Window.TotalDays;

    /// <summary>Median of the times from a commit to the end of the deployment that brought it; null: there was none.</summary>
    public TimeSpan? LeadTime { get; init; }

    /// <summary>Share of the deployments with traffic that failed in front of users, from 0 to 1; null: there was none.</summary>
    public double? ChangeFailureRate { get; init; }

    /// <summary>Median of the times from the beginning of a failed change's traffic (or the end of its deployment) to the moment in which it was taken back; null: nothing failed.</summary>
    public TimeSpan? TimeToRestore { get; init; }

    /// <summary>Calculates the figures.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="runs">Its operations; see <see cref="DeploymentRuns"/>.</param>
    /// <param name="window">How far to look back.</param>
    /// <param name="now">From when.</param>
    /// <param name="commitTimes">Times of the commits after one (null: the first deployment) up to another; null where nobody knows, and then the release's own commit counts.</param>
    public static DoraFigures Of(
        string environment, IEnumerable<DeploymentRun> runs, TimeSpan window, DateTimeOffset now, Func<string?, string, IReadOnlyList<DateTimeOffset>?> commitTimes)
    {
        var ended = runs.Where(x => x.Kind == OperationKind.Deploy && x.Ended > now - window && x.Ended <= now).ToList();
        var tried = ended.Where(x => x.Result == OperationResult.Succeeded || x.TrafficSince is not null).ToList();
        return new DoraFigures
        {
            Environment = environment,
            Window = window,
            Deployments = ended.Count(x => x.Result == OperationResult.Succeeded),
            LeadTime = Median([.. ended.SelectMany(x => LeadTimes(x, commitTimes))]),
            ChangeFailureRate = tried.Count == 0 ? null : (double)tried.Count(x => x.HasFailed) / tried.Count,
            TimeToRestore = Median([.. ended.Select(RestoreTime).OfType<TimeSpan>()]),
        };
    }

    /// <summary>The times from each commit to the end of the deployment that brought it; none for one that brought nothing new.</summary>
    internal static IEnumerable<TimeSpan> LeadTimes(DeploymentRun run, Func<string?, string, IReadOnlyList<DateTimeOffset>?> commitTimes)
    {
        if (run is not { Kind: OperationKind.Deploy, Result: OperationResult.Succeeded, Commit: { } commit, Ended: { } ended } || commit == run.CommitBefore)
            return [];
        return (commitTimes(run.CommitBefore, commit) ?? (run.CommitTime is { } own ? [own] : [])).Select(x => ended > x ? ended - x : TimeSpan.Zero);
    }

    /// <summary>How long a failed change was in front of users; null: it did not fail, or is still there.</summary>
    internal static TimeSpan? RestoreTime(DeploymentRun run) =>
        run is { HasFailed: true, Restored: { } restored } && (run.Result == OperationResult.Succeeded ? run.Ended : run.TrafficSince) is { } since ? restored - since : null;

    static TimeSpan? Median(ImmutableArray<TimeSpan> times)
    {
        if (times.IsEmpty)
            return null;
        var sorted = times.Sort();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
