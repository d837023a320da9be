using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>What is known of a stage, with the numbers that made it. Kept in the journal.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Outcome">All criteria together: the worst of them.</param>
/// <param name="Criteria">Each criterion, in the order of the request.</param>
public sealed record AnalysisVerdict(string Stage, AnalysisOutcome Outcome, ImmutableArray<CriterionVerdict> Criteria)
{
    /// <summary>Compares by content.</summary>
    public bool Equals(AnalysisVerdict? other) => other is not null && Stage == other.Stage && Outcome == other.Outcome && Criteria.SequenceEqual(other.Criteria);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Stage, Outcome, Criteria.Length);

    /// <summary>One line per criterion, aligned; no line feed at the end.</summary>
    public override string ToString()
    {
        var rows = Criteria.Select(x => (x.Metric, Outcome: Word(x.Outcome), x.Text)).ToList();
        var (metrics, outcomes) = (rows.Select(x => x.Metric.Length).DefaultIfEmpty().Max(), rows.Select(x => x.Outcome.Length).DefaultIfEmpty().Max());
        return string.Join('\n', rows.Select(x => $"{x.Metric.PadRight(metrics)}  {x.Outcome.PadRight(outcomes)}  {x.Text}"));
    }

    static string Word(CriterionOutcome outcome) => outcome switch
    {
        CriterionOutcome.Running => "running",
        CriterionOutcome.Passed => "passed",
        CriterionOutcome.Failed => "failed",
        CriterionOutcome.Inconclusive => "inconclusive",
        CriterionOutcome.NoData => "no data",
        CriterionOutcome.NotANumber => "not a number",
        CriterionOutcome.Unavailable => "unavailable",
        _ => "not compared",
    };
}
