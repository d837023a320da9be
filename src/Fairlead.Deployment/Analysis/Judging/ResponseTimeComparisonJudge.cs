namespace Fairlead.Deployment;

/// <summary>
/// Compares response times, request by request, from the histograms of both sides. Two questions are asked, because each misses what the other
/// finds: whether requests are slower as a whole (Mann and Whitney, Hodges and Lehmann), and whether the percentile that the metric names is.
/// The first finds a slow release with few requests, the second one that is slow for a few.
/// </summary>
/// <remarks>
/// The second is the quantile test (Johnson, Verrill and Moore 1987, "Two-sample rank tests for detecting changes that occur in a small
/// proportion of the treated population"): the pooled percentile cuts both samples, and Fisher's exact test compares what is above. It is
/// held to <see cref="Comparison.EarlyAlpha"/> always, so that two questions are hardly more often wrong than one. Requests of one moment resemble
/// each other, so that their number makes differences look surer than they are: that is why the size must be too much as well.
/// </remarks>
sealed class ResponseTimeComparisonJudge(
    Metric.ResponseTime metric, double maximumDegradation, RequestWindow candidate, RequestWindow baseline, AnalysisRequest request) : ComparisonJudge
{
    protected override CriterionVerdict Compare(bool isOver, bool isLast)
    {
        var (mine, other) = (candidate.Durations, baseline.Durations);
        if (Comparison.TooFew(metric.Name, mine.Count, other.Count, "requests", request, isExcused: true, isOver) is { } tooFew)
            return tooFew;
        var alpha = Comparison.AlphaAt(isLast);
        var estimate = mine.RatioTo(other, alpha);
        var (value, otherValue) = (mine.Percentile(metric.Percentile), other.Percentile(metric.Percentile));
        var isSlower = Comparison.IsWorse(estimate, maximumDegradation, isLast);
        var isTailSlower = !isSlower && Comparison.IsTooMuch(value / otherValue, maximumDegradation) && TailChance(mine, other, isLast) <= Comparison.EarlyAlpha;
        var text = isTailSlower
            ? $"p{metric.Percentile} {Figures.Show(value, LimitUnit.Time)} is {Figures.Times(value / otherValue)} the baseline's {Figures.Show(otherValue, LimitUnit.Time)} "
                + $"({Figures.Chance(TailChance(mine, other, isLast))}; {mine.Count} and {other.Count} requests); {Comparison.Allowed(maximumDegradation)}"
            : Comparison.Describe(estimate, mine.Count, other.Count, "requests", maximumDegradation, alpha);
        return new CriterionVerdict(metric.Name, isSlower || isTailSlower ? CriterionOutcome.Failed : isOver ? CriterionOutcome.Passed : CriterionOutcome.Running, text)
        {
            Value = value,
            Samples = mine.Count,
            BaselineValue = otherValue,
            BaselineSamples = other.Count,
            Ratio = isTailSlower ? value / otherValue : estimate.Estimate,
            RatioAtLeast = isTailSlower ? null : Comparison.Finite(estimate.AtLeast),
        };
    }

    double TailChance(DurationHistogram mine, DurationHistogram other, bool isLast)
    {
        // Before the end the question is whether it is above what is allowed: above a baseline that is slower by that, rounded up to whole buckets.
        var compared = isLast ? other : other.Slower((int)Math.Ceiling(Math.Log(1 + maximumDegradation) / Math.Log(RequestCounts.Growth)));
        var cut = mine.With(compared).BucketOf(metric.Percentile);
        return Counting.FisherAtLeast(mine.FromBucket(cut), mine.Count, compared.FromBucket(cut), compared.Count);
    }
}
