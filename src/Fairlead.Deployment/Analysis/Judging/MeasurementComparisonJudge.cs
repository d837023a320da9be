namespace Fairlead.Deployment;

/// <summary>Compares the measurements of a query or command with the baseline's. Higher is worse.</summary>
sealed class MeasurementComparisonJudge(Metric metric, double maximumDegradation, AnalysisRequest request) : ComparisonJudge
{
    const string Unit = "measurements";

    /// <summary>All pairs are looked at, so of a stage that is watched for hours only the newest measurements of each side are compared.</summary>
    const int MostCompared = 1000;

    readonly MeasurementSeries _candidate = new(metric.Name);
    readonly MeasurementSeries _baseline = new(metric.Name);

    protected override void Take(AnalysisSample sample)
    {
        _candidate.Add(sample.Candidate);
        _baseline.Add(sample.Baseline);
    }

    protected override CriterionVerdict Compare(bool isOver, bool isLast)
    {
        double[] candidate = [.. _candidate.Values.TakeLast(MostCompared)], baseline = [.. _baseline.Values.TakeLast(MostCompared)];
        if (Comparison.TooFew(metric.Name, candidate.Length, baseline.Length, Unit, request, isExcused: false, isOver) is { } tooFew)
            return isOver && (_candidate.Gap() ?? _baseline.Gap()) is { } reason ? tooFew with { Outcome = reason.Outcome, Text = reason.Text } : tooFew;
        var alpha = Comparison.AlphaAt(isLast);
        var estimate = Comparison.Compare(candidate, baseline, alpha);
        var isWorse = Comparison.IsWorse(estimate, maximumDegradation, isLast);
        var text = Comparison.Describe(estimate, candidate.Length, baseline.Length, Unit, maximumDegradation, alpha);
        var outcome = isWorse ? CriterionOutcome.Failed : isOver ? CriterionOutcome.Passed : CriterionOutcome.Running;
        if (outcome == CriterionOutcome.Passed && (_candidate.Gap() ?? _baseline.Gap()) is { } gap)
            (outcome, text) = (gap.Outcome, gap.Text);
        return new CriterionVerdict(metric.Name, outcome, text)
        {
            Value = _candidate.Median(),
            Samples = candidate.Length,
            BaselineValue = _baseline.Median(),
            BaselineSamples = baseline.Length,
            Ratio = Comparison.Finite(estimate.Estimate),
            RatioAtLeast = Comparison.Finite(estimate.AtLeast),
        };
    }
}
