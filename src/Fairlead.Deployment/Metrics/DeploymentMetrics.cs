using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Makes metrics out of what was done to environments. Pure: the same history gives the same figures, so counters never go back.</summary>
public static class DeploymentMetrics
{
    /// <summary>Over how long shares are made.</summary>
    public static readonly TimeSpan RatioWindow = TimeSpan.FromDays(30);

    // A label with the version has no end by itself.
    const int MostVersions = 50;

    static readonly ImmutableArray<double> DurationBounds = [5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400];
    static readonly ImmutableArray<double> LeadTimeBounds = [3600, 14400, 43200, 86400, 172800, 604800, 1209600, 2592000, 7776000, 15552000];
    static readonly ImmutableArray<double> RestoreBounds = [60, 300, 900, 1800, 3600, 14400, 43200, 86400, 172800, 604800];

    /// <summary>The metrics of several environments.</summary>
    /// <param name="environments">Each with what is declared for it under <c>metrics</c> (nothing: everything is published) and its operations.</param>
    /// <param name="now">When this is.</param>
    /// <param name="commitTimes">As for <see cref="DoraFigures.Of"/>.</param>
    public static ImmutableArray<MetricFamily> Of(
        IEnumerable<(string Environment, ImmutableArray<DeclaredMetric> Declared, ImmutableArray<DeploymentRun> Runs)> environments,
        DateTimeOffset now,
        Func<string?, string, IReadOnlyList<DateTimeOffset>?> commitTimes)
    {
        List<MetricFamily> families = [];
        foreach (var (environment, declared, runs) in environments)
        {
            foreach (var metric in KnownMetric.All)
            {
                var own = declared.FirstOrDefault(x => x.Name == metric.Name);
                if (own is null && !declared.IsEmpty)
                    continue;
                var labels = own is { Labels.IsEmpty: false } ? own.Labels : metric.DefaultLabels;
                var samples = Samples(metric, environment, labels, runs, now, commitTimes).ToImmutableArray();
                families.Add(new MetricFamily(own?.PublishedName ?? metric.PublishedName, metric.Type, own?.Description ?? metric.Help, samples));
            }
        }

        // One name stands once, whoever it is for.
        return [.. families.GroupBy(x => x.Name, StringComparer.Ordinal).Select(x => x.First() with { Samples = [.. x.Where(y => y.Type == x.First().Type).SelectMany(y => y.Samples)] }).Where(x => !x.Samples.IsEmpty)];
    }

    static IEnumerable<MetricSample> Samples(
        KnownMetric metric, string environment, ImmutableArray<string> labels, ImmutableArray<DeploymentRun> runs, DateTimeOffset now, Func<string?, string, IReadOnlyList<DateTimeOffset>?> commitTimes)
    {
        var ended = runs.Where(x => x is { Kind: OperationKind.Deploy, Ended: not null }).ToList();
        var dora = new Lazy<DoraFigures>(() => DoraFigures.Of(environment, runs, RatioWindow, now, commitTimes));
        if (metric == KnownMetric.Duration)
            return Grouped(ended, x => x.Duration!.Value, DurationBounds);
        if (metric == KnownMetric.Deployments)
            return Groups(ended).Select(x => new MetricSample(x.Labels, x.Runs.Count));
        if (metric == KnownMetric.SuccessRate)
            return ended.Where(x => x.Ended > now - RatioWindow).ToList() is { Count: > 0 } recent ? [Plain((double)recent.Count(x => x.Result == OperationResult.Succeeded) / recent.Count)] : [];
        if (metric == KnownMetric.Rollbacks)
            return Rollbacks();
        if (metric == KnownMetric.LastSuccess)
            return ended.LastOrDefault(x => x.Result == OperationResult.Succeeded)?.Ended is { } last ? [Plain(last.ToUnixTimeMilliseconds() / 1000.0)] : [];
        if (metric == KnownMetric.LeadTime)
            return Histogram([.. ended.SelectMany(x => DoraFigures.LeadTimes(x, commitTimes))], LeadTimeBounds);
        if (metric == KnownMetric.ChangeFailureRate)
            return dora.Value.ChangeFailureRate is { } share ? [Plain(share)] : [];
        return Histogram([.. ended.Select(DoraFigures.RestoreTime).OfType<TimeSpan>()], RestoreBounds);

        IEnumerable<MetricSample> Rollbacks()
        {
            var reasons = ended.Where(x => x.Result == OperationResult.Undone).Select(x => x.UndoReason ?? RollbackReasons.Other)
                // Bringing up again what is live already is no rollback.
                .Concat(runs.Where(x => x is { Kind: OperationKind.Rollback, Result: OperationResult.Succeeded } && x.Commit != x.CommitBefore).Select(_ => RollbackReasons.Operator)).ToList();
            if (!labels.Contains(KnownMetric.Reason))
                return [Plain(reasons.Count)];
            // Each reason is there from the start: a counter that appears with a 1 shows no increase.
            return RollbackReasons.All.Select(reason => new MetricSample([.. labels.Select(x => (x, x == KnownMetric.Reason ? reason : environment))], reasons.Count(x => x == reason)));
        }

        IEnumerable<MetricSample> Histogram(List<TimeSpan> observed, ImmutableArray<double> bounds) => observed.Count == 0 ? [] : [Observed([.. labels.Select(x => (x, environment))], observed, bounds)];

        MetricSample Plain(double value) => new([.. labels.Select(x => (x, environment))], value);

        IEnumerable<MetricSample> Grouped(IEnumerable<DeploymentRun> some, Func<DeploymentRun, TimeSpan> observe, ImmutableArray<double> bounds) =>
            Groups(some).Select(x => Observed(x.Labels, [.. x.Runs.Select(observe)], bounds));

        IEnumerable<(ImmutableArray<(string, string)> Labels, List<DeploymentRun> Runs)> Groups(IEnumerable<DeploymentRun> some)
        {
            var all = some.ToList();
            var versions = all.AsEnumerable().Reverse().Select(x => x.Version).Distinct(StringComparer.Ordinal).Take(MostVersions).ToHashSet(StringComparer.Ordinal);
            return all.Where(x => !labels.Contains(KnownMetric.Version) || versions.Contains(x.Version))
                .GroupBy(x => string.Join('\n', labels.Select(label => Value(label, x))), StringComparer.Ordinal)
                .Select(x => ((ImmutableArray<(string, string)>)[.. labels.Select(label => (label, Value(label, x.First())))], x.ToList()));
        }

        string Value(string label, DeploymentRun run) => label switch
        {
            KnownMetric.Version => run.Version,
            KnownMetric.Result => run.Result == OperationResult.Succeeded ? "success" : run.UndoReason == RollbackReasons.Cancelled ? "cancellation" : "failure",
            _ => environment,
        };
    }

    static MetricSample Observed(ImmutableArray<(string, string)> labels, List<TimeSpan> observed, ImmutableArray<double> bounds) => new(labels, observed.Sum(x => x.TotalSeconds))
    {
        Buckets = [.. bounds.Append(double.PositiveInfinity).Select(bound => (bound, observed.LongCount(x => x.TotalSeconds <= bound)))],
    };
}
