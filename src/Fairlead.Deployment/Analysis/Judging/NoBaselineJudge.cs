namespace Fairlead.Deployment;

/// <summary>Stands for a comparison when there is nothing to compare with.</summary>
sealed class NoBaselineJudge(Metric metric) : ICriterionJudge
{
    public void Add(AnalysisSample sample)
    {
    }

    public CriterionVerdict Judge(bool isOver) => new(metric.Name, CriterionOutcome.NotCompared, "there is no baseline");
}
