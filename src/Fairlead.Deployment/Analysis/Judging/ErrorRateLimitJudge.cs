namespace Fairlead.Deployment;

/// <summary>A limit on the share of failed requests.</summary>
sealed class ErrorRateLimitJudge(Limit limit, RequestWindow window, AnalysisRequest request) : ICriterionJudge
{
    bool _isCertain;

    public void Add(AnalysisSample sample) =>
        _isCertain |= limit.IsUpper && window.Total >= request.Spec.MinimumSamples && ShareWatch.IsAbove(window.Failed, window.Total, limit.Value);

    public CriterionVerdict Judge(bool isOver)
    {
        var (total, failed) = (window.Total, window.Failed);
        var share = total == 0 ? 0 : (double)failed / total;
        var outcome = RequestLimit.Outcome(request, total, limit.Holds(share), _isCertain, isOver);
        var text = total == 0
            ? $"no requests; {Figures.Show(limit, LimitUnit.Share)}"
            : $"{Figures.Show(share, LimitUnit.Share, limit)} of {Figures.Count(total, "request")} ({failed}); {Figures.Show(limit, LimitUnit.Share)}{RequestLimit.TooFew(request, total)}";
        return new CriterionVerdict(new Metric.ErrorRate().Name, outcome, text) { Value = total == 0 ? null : share, Samples = total };
    }
}
