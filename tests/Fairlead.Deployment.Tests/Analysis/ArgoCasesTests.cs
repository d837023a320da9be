namespace Fairlead.Deployment.Tests;

/// <summary>
/// The cases of Argo Rollouts (Apache-2.0) that have what is fixed here: no failed measurement forgiven, four errors in a row. Its other limits
/// (successes in a row, a number of measurements) have no counterpart: a stage has a duration.
/// </summary>
public sealed class ArgoCasesTests
{
    static readonly Metric Metric = new Metric.Prometheus("availability", new Uri("http://127.0.0.1:9090"), "up");
    static readonly Criterion AtLeast = new(Metric, new Limit(LimitOperator.GreaterOrEqual, 0.95));

    [Fact]
    public void Errors_in_a_row_are_counted_alike()
    {
        var cases = DeliveryFixtures.Read("argo/analysis.json").GetProperty("assess").EnumerateArray().Where(x => x.TryGetProperty("consecutiveError", out _)).ToList();
        cases.Count.ShouldBe(2);
        foreach (var example in cases)
        {
            var errors = example.GetProperty("consecutiveError").GetInt32();
            var stage = new AnalysisStage(AtLeast);
            stage.Candidate.Measures("availability", 1);
            for (var i = 0; i < 10; i++)
                stage.Look();
            stage.Candidate.Measures("availability", new Measurement.Unavailable("down"));
            for (var i = 0; i < errors - 1; i++)
                stage.Look();
            // There an error ends the analysis, here the stage is held: the outcome has the same name's meaning.
            stage.End().Criteria[0].Outcome.ShouldBe(example.GetProperty("expectedWhenTerminating").GetString() == "Error" ? CriterionOutcome.Unavailable : CriterionOutcome.Passed);
        }
    }

    // There a condition for success alone fails on NaN; here NaN has a name of its own, and the stage is held.
    [Fact]
    public void NaN_passes_under_neither()
    {
        var example = DeliveryFixtures.Read("argo/analysis.json").GetProperty("nan").EnumerateArray()
            .Single(x => x.GetProperty("success").GetString() == "result >= 0.95" && !x.TryGetProperty("failure", out _));
        example.GetProperty("phase").GetString().ShouldBe("Failed");
        var stage = new AnalysisStage(AtLeast);
        stage.Candidate.Measures("availability", double.NaN);
        stage.End().Outcome.ShouldBe(AnalysisOutcome.Inconclusive);
        stage.Verdict.Criteria[0].Outcome.ShouldBe(CriterionOutcome.NotANumber);
    }

    [Fact]
    public void The_worst_of_all_criteria_wins_in_the_same_order()
    {
        var order = DeliveryFixtures.Read("argo/analysis.json").GetProperty("worstOrder").EnumerateArray().Select(x => x.GetString()!).ToList();
        order.IndexOf("Successful").ShouldBeLessThan(order.IndexOf("Inconclusive"));
        order.IndexOf("Inconclusive").ShouldBeLessThan(order.IndexOf("Failed"));
        var other = new Criterion(new Metric.Command("age", ["age"]), new Limit(LimitOperator.Less, 5));
        var stage = new AnalysisStage(AtLeast, other, Criterion.HealthFailuresBelow(3));
        stage.Candidate.Measures("availability", 1);
        stage.End().Outcome.ShouldBe(AnalysisOutcome.Inconclusive);
        stage.Candidate.Measures("age", 7);
        stage.Look().Outcome.ShouldBe(AnalysisOutcome.Failed);
    }
}
