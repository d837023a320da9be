namespace Fairlead.Deployment;

/// <summary>
/// A limit on the value of a query or command. Each measurement must keep it: one that breaks it fails the stage at once, as Argo Rollouts does
/// with its default <c>failureLimit</c> of 0. Who wants to forgive single values puts an average over time into the query.
/// </summary>
sealed class MeasurementLimitJudge(Metric metric, Limit limit) : ICriterionJudge
{
    readonly MeasurementSeries _series = new(metric.Name);

    public void Add(AnalysisSample sample) => _series.Add(sample.Candidate);

    public CriterionVerdict Judge(bool isOver)
    {
        var values = _series.Values;
        var last = values.Count == 0 ? (double?)null : values[^1];
        var broken = values.Where(x => !limit.Holds(x)).Cast<double?>().FirstOrDefault();
        if (broken is { } value)
        {
            return new CriterionVerdict(metric.Name, CriterionOutcome.Failed,
                $"{Figures.Show(value, LimitUnit.Number, limit)} at one of {Figures.Count(values.Count, "measurement")}; {Figures.Show(limit, LimitUnit.Number)}")
            { Value = value, Samples = values.Count };
        }

        if (_series.Gap() is { } gap)
            return new CriterionVerdict(metric.Name, isOver ? gap.Outcome : CriterionOutcome.Running, $"{gap.Text}; {Figures.Show(limit, LimitUnit.Number)}") { Value = last, Samples = values.Count };
        return new CriterionVerdict(metric.Name, isOver ? CriterionOutcome.Passed : CriterionOutcome.Running,
            $"{Figures.Show(last!.Value, LimitUnit.Number, limit)} at the last of {Figures.Count(values.Count, "measurement")}; {Figures.Show(limit, LimitUnit.Number)}")
        { Value = last, Samples = values.Count };
    }
}
