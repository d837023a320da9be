namespace Fairlead.Deployment;

/// <summary>Compares the shares of failed requests: by Fisher's exact test whether there are more at all, by their quotient whether there are too many more; before the end by an exact test of what is allowed.</summary>
sealed class ErrorRateComparisonJudge(double maximumDegradation, RequestWindow candidate, RequestWindow baseline, AnalysisRequest request) : ComparisonJudge
{
    static readonly string Name = new Metric.ErrorRate().Name;

    protected override CriterionVerdict Compare(bool isOver, bool isLast)
    {
        if (Comparison.TooFew(Name, candidate.Total, baseline.Total, "requests", request, isExcused: true, isOver) is { } tooFew)
            return tooFew;
        var (share, other) = ((double)candidate.Failed / candidate.Total, (double)baseline.Failed / baseline.Total);
        var ratio = share == other ? 1 : share / other;
        var p = Counting.FisherAtLeast(candidate.Failed, candidate.Total, baseline.Failed, baseline.Total);
        var isWorse = isLast ? p <= Comparison.Alpha && Comparison.IsTooMuch(ratio, maximumDegradation) : ChanceWhenJustAllowed() <= Comparison.EarlyAlpha;
        return new CriterionVerdict(Name, isWorse ? CriterionOutcome.Failed : isOver ? CriterionOutcome.Passed : CriterionOutcome.Running,
            $"{Figures.Show(share, LimitUnit.Share)} of {Figures.Count(candidate.Total, "request")} ({candidate.Failed}), the baseline "
            + $"{Figures.Show(other, LimitUnit.Share)} of {baseline.Total} ({baseline.Failed}): {(double.IsFinite(ratio) ? $"{Figures.Times(ratio)}, " : "")}{Figures.Chance(p)}; "
            + Comparison.Allowed(maximumDegradation))
        {
            Value = share,
            Samples = candidate.Total,
            BaselineValue = other,
            BaselineSamples = baseline.Total,
            Ratio = Comparison.Finite(ratio),
        };
    }

    // Of all failures, how many fall on the candidate when its share is just what is allowed: the conditional test of Przyborowski and
    // Wilenski (1940), which for shares is on the safe side.
    double ChanceWhenJustAllowed()
    {
        var weight = candidate.Total * (1 + maximumDegradation);
        return Counting.BinomialAtLeast(candidate.Failed, candidate.Failed + baseline.Failed, weight / (weight + baseline.Total));
    }
}
