using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Reads what takes a release back and what happens to a rollout that nobody leads any more.</summary>
sealed class RollbackReader(AnalysisReader analysis)
{
    /// <summary>Who is told about rollbacks; after <see cref="Read"/>.</summary>
    public ImmutableArray<NotificationSpec> Notifications { get; private set; } = [];

    public RolloutPolicy Read(MapReader environment)
    {
        var policy = new RolloutPolicy { Analysis = analysis.Read(environment) };
        policy = policy with { Triggers = [.. policy.Triggers, .. analysis.Limits] };
        if (environment.Section("rollback", EnvironmentKeys.Rollback) is { } reader)
        {
            policy = ReadTriggers(reader, policy) with
            {
                RollbackMode = reader.Choice<RollbackMode>("strategy", ("immediate", RollbackMode.Immediate), ("gradual", RollbackMode.Gradual)) ?? policy.RollbackMode,
                RollbackStep = reader.Duration("step", orZero: false) ?? policy.RollbackStep,
                Watch = reader.Duration("watch", orZero: true) ?? policy.Watch,
            };
            Notifications = NotificationReader.Read(reader, "notification");
            if (reader.Bool("auto_rollback") is false)
            {
                reader.Report(
                    $"'auto_rollback: false' of {reader.Owner} would leave a failing release with its traffic.",
                    reader.KeyWhere("auto_rollback"),
                    "Remove it, or the triggers. To decide each stage by hand write 'promote: manual' into it.");
            }
        }

        if (environment.Section("controller_lost", EnvironmentKeys.ControllerLost) is { } lost)
        {
            policy = policy with
            {
                ControllerLostAfter = lost.Duration("after", orZero: false) ?? policy.ControllerLostAfter,
                ControllerLost = lost.Choice<LostController>("then", ("rollback", LostController.Rollback), ("hold", LostController.Hold)) ?? policy.ControllerLost,
            };
        }

        return policy with
        {
            Interrupted = environment.Choice<InterruptedDeployment>("interrupted", ("continue", InterruptedDeployment.Continue), ("rollback", InterruptedDeployment.Rollback)) ?? policy.Interrupted,
        };
    }

    RolloutPolicy ReadTriggers(MapReader rollback, RolloutPolicy policy)
    {
        var triggers = new List<Criterion>(policy.Triggers);
        var comparisons = new List<Criterion>(policy.Analysis.Comparisons);
        if (rollback.Section("triggers", EnvironmentKeys.Triggers) is { } reader)
        {
            var written = new CriteriaReader(analysis.Metrics).Read(reader, areTriggers: true);
            if (written.Any(x => x.Metric is Metric.HealthFailures))
                triggers.RemoveAll(x => x.Metric is Metric.HealthFailures);
            triggers.AddRange(written);
            if (reader.Parsed("degradation", "a percentage like 20%", x => LimitText.ParseDegradation(x, out _)) is { } share)
            {
                // A comparison that was written by itself is the more exact wish.
                foreach (var metric in (Metric[])[new Metric.ResponseTime(95), new Metric.ErrorRate()])
                {
                    if (comparisons.TrueForAll(x => x.Metric != metric))
                        comparisons.Add(new Criterion(metric, null, share));
                }
            }
        }

        foreach (var (key, metric) in (ReadOnlySpan<(string, Metric)>)[("error_threshold", new Metric.ErrorRate()), ("response_time_threshold", new Metric.ResponseTime(95))])
        {
            if (rollback.Scalar(key, "a limit like 5%") is { } scalar && CriteriaReader.LimitOf(rollback, key, scalar, metric, isTrigger: true) is { } limit)
                triggers.Add(new Criterion(metric, limit));
        }

        return policy with { Triggers = [.. triggers], Analysis = policy.Analysis with { Comparisons = [.. comparisons] } };
    }
}
