namespace Fairlead.Deployment;

/// <summary>Counts the looks in a row at which the revision was not healthy. It does not pass while it is unhealthy, even for fewer looks than the limit.</summary>
sealed class HealthJudge(Limit limit) : ICriterionJudge
{
    long _looks;
    int _inARow;
    int _most;

    public void Add(AnalysisSample sample)
    {
        _looks++;
        _inARow = sample.Candidate.IsHealthy ? 0 : _inARow + 1;
        _most = Math.Max(_most, _inARow);
    }

    public CriterionVerdict Judge(bool isOver)
    {
        var outcome = !limit.Holds(_most) ? CriterionOutcome.Failed
            : !isOver ? CriterionOutcome.Running
            : _looks == 0 ? CriterionOutcome.NoData
            : _inARow > 0 ? CriterionOutcome.Inconclusive
            : CriterionOutcome.Passed;
        var text = outcome == CriterionOutcome.Inconclusive
            ? $"not healthy at the last {Figures.Count(_inARow, "look")}; {Figures.Show(limit, LimitUnit.Count)} in a row"
            : $"{(_most == 0 ? "none" : $"{_most} in a row")} at {Figures.Count(_looks, "look")}; {Figures.Show(limit, LimitUnit.Count)}";
        return new CriterionVerdict(new Metric.HealthFailures().Name, outcome, text) { Value = _most, Samples = _looks };
    }
}
