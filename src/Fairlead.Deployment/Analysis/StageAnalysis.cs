using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>
/// Judges a stage by what is seen of it. Pure: it measures nothing and has no clock. Give it the first sample when the stage begins (requests
/// are counted from there), one per interval after that, and ask for the verdict as often as wanted.
/// </summary>
/// <remarks>
/// A stage fails before its time is over only when that is as good as certain, and passes only when it is over. What a single limit needs for
/// either is said by <see cref="ShareWatch"/>, the comparisons by <see cref="Comparison"/>. Not for several threads.
/// </remarks>
public sealed class StageAnalysis
{
    readonly AnalysisRequest _request;
    readonly RequestWindow _candidate = new();
    readonly RequestWindow _baseline = new();
    readonly ImmutableArray<ICriterionJudge> _judges;
    bool _isOver;

    /// <param name="request">What the stage is judged by.</param>
    public StageAnalysis(AnalysisRequest request)
    {
        _request = request;
        _judges = [.. request.Criteria.SelectMany(JudgesOf)];
    }

    /// <summary>Takes one look into account.</summary>
    public void Add(AnalysisSample sample)
    {
        _candidate.Add(sample.Candidate.Requests);
        _baseline.Add(sample.Baseline?.Requests);
        foreach (var judge in _judges)
            judge.Add(sample);
        _isOver = sample.Elapsed >= _request.Duration;
    }

    /// <summary>
    /// What is known now. Once the time is over it is passed, failed or inconclusive; when it is inconclusive the stage can be held and fed
    /// further.
    /// </summary>
    public AnalysisVerdict Judge()
    {
        ImmutableArray<CriterionVerdict> criteria = [.. _judges.Select(x => x.Judge(_isOver))];
        var outcome = criteria.Any(x => x.Outcome == CriterionOutcome.Failed) ? AnalysisOutcome.Failed
            : !_isOver ? AnalysisOutcome.Running
            : criteria.All(x => x.Outcome is CriterionOutcome.Passed or CriterionOutcome.NotCompared) ? AnalysisOutcome.Passed
            : AnalysisOutcome.Inconclusive;
        return new AnalysisVerdict(_request.Stage, outcome, criteria);
    }

    IEnumerable<ICriterionJudge> JudgesOf(Criterion criterion)
    {
        if (criterion.Limit is { } limit)
        {
            yield return criterion.Metric switch
            {
                Metric.ErrorRate => new ErrorRateLimitJudge(limit, _candidate, _request),
                Metric.ResponseTime metric => new ResponseTimeLimitJudge(metric, limit, _candidate, _request),
                Metric.HealthFailures => new HealthJudge(limit),
                _ => new MeasurementLimitJudge(criterion.Metric, limit),
            };
        }

        if (criterion.MaximumDegradation is { } maximum)
        {
            yield return criterion.Metric switch
            {
                _ when !_request.HasBaseline => new NoBaselineJudge(criterion.Metric),
                Metric.ErrorRate => new ErrorRateComparisonJudge(maximum, _candidate, _baseline, _request),
                Metric.ResponseTime metric => new ResponseTimeComparisonJudge(metric, maximum, _candidate, _baseline, _request),
                Metric.HealthFailures => throw new ArgumentException("Health failures in a row are not compared with a baseline.", nameof(criterion)),
                _ => new MeasurementComparisonJudge(criterion.Metric, maximum, _request),
            };
        }
    }
}
