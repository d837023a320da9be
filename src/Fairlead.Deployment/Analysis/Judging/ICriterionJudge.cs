namespace Fairlead.Deployment;

/// <summary>Judges one criterion.</summary>
interface ICriterionJudge
{
    /// <summary>Takes one look into account. The counts of requests have been taken already.</summary>
    void Add(AnalysisSample sample);

    /// <summary>What is known now.</summary>
    /// <param name="isOver">Whether the stage's time is over.</param>
    CriterionVerdict Judge(bool isOver);
}
