namespace Fairlead.Deployment;

/// <summary>What all comparisons with the baseline have in common: which question is asked at which look.</summary>
abstract class ComparisonJudge : ICriterionJudge
{
    CriterionVerdict? _failed;
    int _looks;
    int? _lastLook;

    public void Add(AnalysisSample sample)
    {
        _looks++;
        Take(sample);
    }

    public CriterionVerdict Judge(bool isOver)
    {
        if (_failed is not null)
            return _failed;
        // The question of the end is asked once, of the first look that has enough samples: a stage that is held for another criterion is looked at
        // many times more, and those looks are as strict as the ones before the end.
        var verdict = Compare(isOver, isLast: isOver && (_lastLook ?? _looks) == _looks);
        if (verdict.Outcome == CriterionOutcome.Failed)
            _failed = verdict;
        else if (verdict is { Outcome: CriterionOutcome.Passed, BaselineValue: not null })
            _lastLook ??= _looks;
        return verdict;
    }

    /// <summary>Takes what is not in the counts of requests.</summary>
    protected virtual void Take(AnalysisSample sample)
    {
    }

    /// <summary>Compares what there is.</summary>
    /// <param name="isOver">Whether the stage's time is over, so that it can pass.</param>
    /// <param name="isLast">Whether the question of the end is asked, or the stricter one of the other looks.</param>
    protected abstract CriterionVerdict Compare(bool isOver, bool isLast);
}
