using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Carries out an analysis: measures, judges, holds where too little is known, and does what operators ask.</summary>
sealed class StageWatcher(EnvironmentSpec environment, IPlatform platform, IDeploymentLock held, OperatorDesk desk, DeployerOptions options, Action<string> log)
{
    /// <summary>A stage is measured at least so often.</summary>
    const int MeasurementsPerStage = 10;

    static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(30);

    /// <summary>Returns when the stage has passed, or somebody or the environment has decided so.</summary>
    /// <param name="step">What is watched.</param>
    /// <param name="cancellationToken">Stops watching.</param>
    /// <exception cref="StepFailedException">A revision is not good enough, or somebody asked to take it back.</exception>
    public async Task WatchAsync(RolloutStep.Analyse step, CancellationToken cancellationToken)
    {
        var start = options.Time.GetTimestamp();
        var told = start;
        var isHolding = false;
        var isPaused = false;
        // What somebody has paused is not held against the stage.
        var heldSince = step.Duration;
        var interval = Interval(step);
        var analyses = step.Subjects.Select(x => (Subject: x, Analysis: AnalysisOf(step, x))).ToList();
        while (true)
        {
            var elapsed = options.Time.GetElapsedTime(start);
            var verdicts = await JudgeAsync(analyses, elapsed, cancellationToken);
            if (verdicts.Find(x => x.Verdict.Outcome == AnalysisOutcome.Failed) is { Verdict: not null } failed)
            {
                await RecordAsync(step, failed.Subject, failed.Verdict);
                throw new StepFailedException($"{failed.Subject.Revision} ({failed.Subject.Version}) is not good enough on {environment.Name}, {step.Stage}:{Environment.NewLine}{failed.Verdict}");
            }

            if (await desk.NextAsync(cancellationToken) is { } request)
            {
                if (request.Action == OperatorAction.Promote)
                {
                    await RecordAllAsync(step, verdicts);
                    return;
                }

                if (isPaused && elapsed > heldSince)
                    heldSince = elapsed;
                isPaused = request.Action == OperatorAction.Pause;
            }

            if (verdicts.TrueForAll(x => x.Verdict.Outcome == AnalysisOutcome.Passed))
            {
                if (!isPaused)
                {
                    await RecordAllAsync(step, verdicts);
                    return;
                }
            }
            else if (verdicts.Find(x => x.Verdict.Outcome == AnalysisOutcome.Inconclusive) is { Verdict: not null } inconclusive && !isPaused)
            {
                if (elapsed >= heldSince + step.Spec.HoldLimit)
                {
                    await RecordAllAsync(step, verdicts);
                    if (step.Spec.Inconclusive == InconclusiveAction.Promote)
                    {
                        log($"WARNING: {step.Stage} is still inconclusive after {Durations.Format(step.Spec.HoldLimit)}, and goes on because {environment.Name} says 'inconclusive: promote'.");
                        return;
                    }

                    throw new StepFailedException(
                        $"{inconclusive.Subject.Revision} ({inconclusive.Subject.Version}) could not be judged on {environment.Name}, {step.Stage}, although it was held for {Durations.Format(step.Spec.HoldLimit)}:{Environment.NewLine}{inconclusive.Verdict}",
                        "Send it traffic, or lower 'min_samples'; where that is not possible, 'inconclusive: promote' goes on without a verdict.");
                }

                if (!isHolding)
                    log($"{step.Stage} is held for at most {Durations.Format(step.Spec.HoldLimit)}, because too little is known ({Cli(":promote")} goes on, {Cli(":abort")} takes it back):{Environment.NewLine}{inconclusive.Verdict}");
                isHolding = true;
            }

            if (options.Time.GetElapsedTime(told) >= ProgressInterval)
            {
                told = options.Time.GetTimestamp();
                log($"{step.Stage}, {Durations.Format(TimeSpan.FromSeconds(Math.Round(elapsed.TotalSeconds)))} of {Durations.Format(step.Duration)}{(isPaused ? ", paused" : "")}:{Environment.NewLine}{string.Join(Environment.NewLine, verdicts.Select(x => x.Verdict))}");
            }

            var left = step.Duration - elapsed;
            await Task.Delay(left > TimeSpan.Zero && left < interval ? left : interval, options.Time, cancellationToken);
        }
    }

    /// <summary>Waits until somebody promotes.</summary>
    public async Task HoldAsync(RolloutStep.Hold step, CancellationToken cancellationToken)
    {
        log($"{step.Stage} has passed. {Cli(":promote")} goes on, {Cli(":abort")} takes it back.");
        while (true)
        {
            if (await desk.NextAsync(cancellationToken) is { Action: OperatorAction.Promote or OperatorAction.Resume })
                return;
            await Task.Delay(options.PollInterval, options.Time, cancellationToken);
        }
    }

    async Task<List<(AnalysisSubject Subject, AnalysisVerdict Verdict)>> JudgeAsync(
        List<(AnalysisSubject Subject, StageAnalysis Analysis)> analyses, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        var observed = await platform.ObserveAsync(cancellationToken);
        var verdicts = new List<(AnalysisSubject, AnalysisVerdict)>();
        foreach (var (subject, analysis) in analyses)
        {
            var candidate = await SampleAsync(subject, subject.Revision, subject.Criteria, observed, cancellationToken);
            var baseline = subject.Baseline is null
                ? null
                : await SampleAsync(subject, subject.Baseline, [.. subject.Criteria.Where(x => x.MaximumDegradation is not null)], observed, cancellationToken);
            analysis.Add(new AnalysisSample(elapsed, candidate, baseline));
            verdicts.Add((subject, analysis.Judge()));
        }

        return verdicts;
    }

    async Task<RevisionSample> SampleAsync(AnalysisSubject subject, string revision, ImmutableArray<Criterion> criteria, PlatformState observed, CancellationToken cancellationToken)
    {
        var seen = observed.Find(revision);
        var external = ImmutableSortedDictionary.CreateBuilder<string, Measurement>(StringComparer.Ordinal);
        foreach (var metric in criteria.Select(x => x.Metric).Where(x => x is Metric.Prometheus or Metric.Command).DistinctBy(x => x.Name))
            external[metric.Name] = await options.Metrics.MeasureAsync(metric, new MetricSubject(environment.Name, subject.Service, revision, subject.Version), cancellationToken);
        return new RevisionSample(seen?.Phase == RevisionPhase.Healthy, seen?.Requests, external.ToImmutable());
    }

    static StageAnalysis AnalysisOf(RolloutStep.Analyse step, AnalysisSubject subject) => new(new AnalysisRequest
    {
        Stage = step.Stage,
        Duration = step.Duration,
        Criteria = subject.Criteria,
        HasBaseline = subject.Baseline is not null,
        Spec = step.Spec,
        PassesWithoutData = !step.NeedsData,
    });

    TimeSpan Interval(RolloutStep.Analyse step)
    {
        var interval = step.Duration > TimeSpan.Zero && step.Duration / MeasurementsPerStage < step.Spec.Interval ? step.Duration / MeasurementsPerStage : step.Spec.Interval;
        return interval > options.PollInterval ? interval : options.PollInterval;
    }

    async Task RecordAllAsync(RolloutStep.Analyse step, List<(AnalysisSubject Subject, AnalysisVerdict Verdict)> verdicts)
    {
        foreach (var (subject, verdict) in verdicts)
        {
            await RecordAsync(step, subject, verdict);
            log($"{subject.Revision}, {step.Stage}:{Environment.NewLine}{verdict}");
        }
    }

    Task RecordAsync(RolloutStep.Analyse step, AnalysisSubject subject, AnalysisVerdict verdict) =>
        held.AppendAsync(new JournalEvent.Analysed(step.Id, subject.Revision, verdict), CancellationToken.None);

    string Cli(string verb) => $"'{verb} {environment.Name}'";
}
