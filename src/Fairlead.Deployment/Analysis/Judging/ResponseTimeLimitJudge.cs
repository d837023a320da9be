namespace Fairlead.Deployment;

/// <summary>
/// A limit on a percentile of the response time. It is above the limit when more than the rest of the requests took longer, which is a
/// question about a share like the error rate's.
/// </summary>
sealed class ResponseTimeLimitJudge(Metric.ResponseTime metric, Limit limit, RequestWindow window, AnalysisRequest request) : ICriterionJudge
{
    bool _isCertain;

    public void Add(AnalysisSample sample) => _isCertain |= limit.IsUpper && window.Durations.Count >= request.Spec.MinimumSamples
        && ShareWatch.IsAbove(window.Durations.SurelyAbove(limit.Value), window.Durations.Count, 1 - metric.Percentile / 100.0);

    public CriterionVerdict Judge(bool isOver)
    {
        var durations = window.Durations;
        double? value = durations.Count == 0 ? null : durations.Percentile(metric.Percentile);
        var outcome = RequestLimit.Outcome(request, durations.Count, value is null || limit.Holds(value.Value), _isCertain, isOver);
        var text = value is null
            ? $"no requests; {Figures.Show(limit, LimitUnit.Time)}"
            : $"p{metric.Percentile} {Figures.Show(value.Value, LimitUnit.Time, limit)} of {Figures.Count(durations.Count, "request")}; "
                + $"{Figures.Show(limit, LimitUnit.Time)}{RequestLimit.TooFew(request, durations.Count)}";
        return new CriterionVerdict(metric.Name, outcome, text) { Value = value, Samples = durations.Count };
    }
}
