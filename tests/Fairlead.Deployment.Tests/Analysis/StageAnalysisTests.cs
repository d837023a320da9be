using System.Text.Json;

namespace Fairlead.Deployment.Tests;

public sealed class StageAnalysisTests
{
    static readonly Criterion FewErrors = new(new Metric.ErrorRate(), new Limit(LimitOperator.Less, 0.01));
    static readonly Criterion Fast = new(new Metric.ResponseTime(95), new Limit(LimitOperator.Less, 0.5));
    static readonly Criterion Healthy = Criterion.HealthFailuresBelow(3);
    static readonly Criterion NoMoreErrors = new(new Metric.ErrorRate(), null, 0.2);
    static readonly Criterion NotSlower = new(new Metric.ResponseTime(95), null, 0.2);
    static readonly Metric Queue = new Metric.Prometheus("queue", new Uri("http://127.0.0.1:9090"), "queue_length");
    static readonly Criterion ShortQueue = new(Queue, new Limit(LimitOperator.Less, 100));
    static readonly Criterion NoLongerQueue = new(Queue, null, 0.2);

    [Fact]
    public void A_release_that_keeps_everything_runs_until_its_time_is_over_and_passes()
    {
        var stage = new AnalysisStage(FewErrors, Fast, Healthy, NoMoreErrors, NotSlower);
        stage.Candidate.Answers(1000, failed: 2);
        stage.Baseline.Answers(1000, failed: 3);
        stage.Look().Outcome.ShouldBe(AnalysisOutcome.Running);
        stage.End().Outcome.ShouldBe(AnalysisOutcome.Passed);
        Text(stage).ShouldBe("""
            error_rate             passed  0.2 % of 1000 requests (2); limit < 1 %
            response_time          passed  p95 83 ms of 1000 requests; limit < 500 ms
            health_check_failures  passed  none at 3 looks; limit < 3
            error_rate             passed  0.2 % of 1000 requests (2), the baseline 0.3 % of 1000 (3): 0.67 ×, p = 1; at most 1.20 × allowed
            response_time          passed  1.00 × the baseline (99.5 % confidence: at least 1.00 ×; 1000 and 1000 requests); at most 1.20 × allowed
            """);
    }

    [Fact]
    public void A_release_with_many_errors_fails_before_the_time_is_over()
    {
        var stage = new AnalysisStage(FewErrors);
        stage.Candidate.Answers(100, failed: 12);
        stage.Look().Outcome.ShouldBe(AnalysisOutcome.Failed);
        Text(stage).ShouldBe("error_rate  failed  12 % of 100 requests (12); limit < 1 %");
    }

    [Fact]
    public void A_release_somewhat_above_the_limit_fails_only_at_the_end()
    {
        var stage = new AnalysisStage(FewErrors);
        stage.Candidate.Answers(420, failed: 6);
        stage.Look().Outcome.ShouldBe(AnalysisOutcome.Running);
        stage.End().Outcome.ShouldBe(AnalysisOutcome.Failed);
    }

    [Fact]
    public void What_was_certain_stays_certain()
    {
        var stage = new AnalysisStage(FewErrors);
        stage.Candidate.Answers(100, failed: 12);
        stage.Look().Outcome.ShouldBe(AnalysisOutcome.Failed);
        stage.Candidate.Answers(100_000);
        stage.End().Outcome.ShouldBe(AnalysisOutcome.Failed);
    }

    [Fact]
    public void A_broken_limit_never_looks_kept()
    {
        var stage = new AnalysisStage(FewErrors with { Limit = new Limit(LimitOperator.LessOrEqual, 0.01) });
        stage.Candidate.Answers(100_000, failed: 1001);
        stage.End();
        Text(stage).ShouldBe("error_rate  failed  1.001 % of 100000 requests (1001); limit <= 1 %");
    }

    [Fact]
    public void Too_few_requests_are_inconclusive_and_can_be_waited_for()
    {
        var stage = new AnalysisStage(FewErrors, Fast);
        stage.Candidate.Answers(7);
        stage.End().Outcome.ShouldBe(AnalysisOutcome.Inconclusive);
        Text(stage).ShouldBe("""
            error_rate     inconclusive  0 % of 7 requests (0); limit < 1 %; 20 are needed
            response_time  inconclusive  p95 83 ms of 7 requests; limit < 500 ms; 20 are needed
            """);
        stage.Candidate.Answers(13);
        stage.Look().Outcome.ShouldBe(AnalysisOutcome.Passed);
    }

    [Fact]
    public void A_few_failed_requests_are_too_few_to_fail()
    {
        var stage = new AnalysisStage(FewErrors);
        stage.Candidate.Answers(5, failed: 5);
        stage.Look().Outcome.ShouldBe(AnalysisOutcome.Running);
        stage.End().Outcome.ShouldBe(AnalysisOutcome.Inconclusive);
    }

    [Fact]
    public void No_requests_are_no_pass()
    {
        var stage = new AnalysisStage(FewErrors, Fast, NoMoreErrors, NotSlower);
        stage.End().Outcome.ShouldBe(AnalysisOutcome.Inconclusive);
        stage.Verdict.Criteria.ShouldAllBe(x => x.Outcome == CriterionOutcome.NoData);
    }

    [Fact]
    public void Revisions_that_the_platform_does_not_count_are_no_pass()
    {
        var stage = new AnalysisStage(FewErrors);
        stage.Candidate.IsNotCounted();
        stage.End().Criteria[0].Outcome.ShouldBe(CriterionOutcome.NoData);
    }

    [Fact]
    public void While_a_release_is_watched_missing_requests_are_excused_and_bad_health_is_not()
    {
        var request = new AnalysisRequest
        {
            Stage = "watch",
            Duration = TimeSpan.FromMinutes(1),
            Criteria = [FewErrors, Fast, NoMoreErrors, Healthy],
            Spec = new AnalysisSpec(),
            HasBaseline = true,
            PassesWithoutData = true,
        };
        new AnalysisStage(request).End().Outcome.ShouldBe(AnalysisOutcome.Passed);
        var sick = new AnalysisStage(request);
        sick.Candidate.IsHealthy = false;
        sick.End().Outcome.ShouldBe(AnalysisOutcome.Inconclusive);
        sick.Look().Outcome.ShouldBe(AnalysisOutcome.Inconclusive);
        sick.Look().Outcome.ShouldBe(AnalysisOutcome.Failed);
        var failing = new AnalysisStage(request);
        failing.Candidate.Answers(5, failed: 5);
        failing.End().Outcome.ShouldBe(AnalysisOutcome.Inconclusive);
    }

    [Fact]
    public void Requests_before_the_stage_are_not_counted_and_a_restarted_platform_counts_from_zero()
    {
        var request = new AnalysisRequest { Stage = "s", Duration = TimeSpan.FromMinutes(1), Criteria = [FewErrors], Spec = new AnalysisSpec() };
        var analysis = new StageAnalysis(request);
        var revision = new AnalysisStage.CountedRevision().Answers(500, failed: 400);
        analysis.Add(new AnalysisSample(TimeSpan.Zero, revision.Sample(), null));
        revision.Answers(30);
        analysis.Add(new AnalysisSample(TimeSpan.FromSeconds(5), revision.Sample(), null));
        revision.Restarts().Answers(40);
        analysis.Add(new AnalysisSample(TimeSpan.FromMinutes(1), revision.Sample(), null));
        var verdict = analysis.Judge();
        verdict.Outcome.ShouldBe(AnalysisOutcome.Passed);
        verdict.Criteria[0].Samples.ShouldBe(70);
    }

    [Fact]
    public void The_third_failed_look_at_the_health_in_a_row_fails()
    {
        var stage = new AnalysisStage(Healthy);
        stage.Candidate.IsHealthy = false;
        stage.Look();
        stage.Look().Outcome.ShouldBe(AnalysisOutcome.Running);
        stage.Candidate.IsHealthy = true;
        stage.Look();
        stage.Candidate.IsHealthy = false;
        stage.Look();
        stage.Look().Outcome.ShouldBe(AnalysisOutcome.Running);
        stage.Look().Outcome.ShouldBe(AnalysisOutcome.Failed);
        Text(stage).ShouldBe("health_check_failures  failed  3 in a row at 7 looks; limit < 3");
    }

    [Fact]
    public void Slow_requests_beyond_the_percentile_fail_early_and_a_few_of_them_do_not()
    {
        var stage = new AnalysisStage(Fast);
        stage.Candidate.Answers(1000).Answers(40, milliseconds: 2000);
        stage.Look().Outcome.ShouldBe(AnalysisOutcome.Running);
        stage.Candidate.Answers(200, milliseconds: 2000);
        stage.Look().Outcome.ShouldBe(AnalysisOutcome.Failed);
        Text(stage).ShouldBe("response_time  failed  p95 2.06 s of 1240 requests; limit < 500 ms");
    }

    [Fact]
    public void A_release_half_as_slow_again_is_worse_than_the_baseline()
    {
        var (stage, simulation) = (new AnalysisStage(NotSlower), new ReleaseSimulation(3));
        foreach (var time in simulation.LogNormal(60, 120, 0.3))
            stage.Candidate.Answers(1, milliseconds: time);
        foreach (var time in simulation.LogNormal(60, 80, 0.3))
            stage.Baseline.Answers(1, milliseconds: time);
        stage.End().Outcome.ShouldBe(AnalysisOutcome.Failed);
        stage.Verdict.Criteria[0].Ratio!.Value.ShouldBe(1.5, 0.15);
        stage.Verdict.Criteria[0].Text.ShouldEndWith("60 and 60 requests); at most 1.20 × allowed");
    }

    [Fact]
    public void A_release_that_is_slow_for_one_request_in_ten_is_worse_than_the_baseline()
    {
        var (stage, simulation) = (new AnalysisStage(NotSlower), new ReleaseSimulation(4));
        foreach (var time in simulation.LogNormal(2000, 80, 0.3))
        {
            stage.Baseline.Answers(1, milliseconds: time);
            stage.Candidate.Answers(1, milliseconds: time);
        }

        stage.Candidate.Answers(220, milliseconds: 900);
        stage.End().Outcome.ShouldBe(AnalysisOutcome.Failed);
        stage.Verdict.Criteria[0].Text.ShouldStartWith("p95 ");
        stage.Verdict.Criteria[0].Text.ShouldEndWith("(p < 0.0001; 2220 and 2000 requests); at most 1.20 × allowed");
    }

    [Fact]
    public void More_errors_than_the_baseline_are_worse_only_beyond_chance()
    {
        var stage = new AnalysisStage(NoMoreErrors);
        stage.Baseline.Answers(400, failed: 2);
        stage.Candidate.Answers(400, failed: 6);
        stage.Look().Outcome.ShouldBe(AnalysisOutcome.Running);
        stage.End().Outcome.ShouldBe(AnalysisOutcome.Passed);
        // In a held stage every further look is as strict as one before the end.
        stage.Candidate.Answers(20, failed: 8);
        stage.Look().Outcome.ShouldBe(AnalysisOutcome.Passed);

        stage = new AnalysisStage(NoMoreErrors);
        stage.Baseline.Answers(400, failed: 2);
        stage.Candidate.Answers(420, failed: 14);
        stage.Look().Outcome.ShouldBe(AnalysisOutcome.Running);
        stage.End().Outcome.ShouldBe(AnalysisOutcome.Failed);
        Text(stage).ShouldBe("error_rate  failed  3.33 % of 420 requests (14), the baseline 0.5 % of 400 (2): 6.67 ×, p = 0.0026; at most 1.20 × allowed");
    }

    [Fact]
    public void Without_a_baseline_nothing_is_compared_and_the_verdict_says_so()
    {
        var stage = new AnalysisStage(new AnalysisRequest
        {
            Stage = "first",
            Duration = TimeSpan.FromMinutes(1),
            Criteria = [NotSlower, Healthy],
            Spec = new AnalysisSpec(),
        });
        stage.End().Outcome.ShouldBe(AnalysisOutcome.Passed);
        Text(stage).ShouldStartWith("response_time          not compared  there is no baseline");
    }

    [Fact]
    public void One_measurement_that_breaks_its_limit_fails()
    {
        var stage = new AnalysisStage(ShortQueue);
        stage.Candidate.Measures("queue", 20);
        stage.Look().Outcome.ShouldBe(AnalysisOutcome.Running);
        stage.Candidate.Measures("queue", 100);
        stage.Look().Outcome.ShouldBe(AnalysisOutcome.Failed);
        Text(stage).ShouldBe("queue  failed  100 at one of 2 measurements; limit < 100");
    }

    [Theory]
    [InlineData("nothing", CriterionOutcome.NoData)]
    [InlineData("NaN", CriterionOutcome.NotANumber)]
    [InlineData("Infinity", CriterionOutcome.NotANumber)]
    [InlineData("down", CriterionOutcome.Unavailable)]
    [InlineData("not measured", CriterionOutcome.NoData)]
    public void What_is_not_a_number_has_a_name_and_never_passes(string what, CriterionOutcome expected)
    {
        var stage = new AnalysisStage(ShortQueue, NoLongerQueue);
        Measurement? measurement = what switch
        {
            "nothing" => new Measurement.NoData("the query returned nothing"),
            "NaN" => Measurement.Of(double.NaN),
            "Infinity" => new Measurement.Value(double.PositiveInfinity),
            "down" => new Measurement.Unavailable("connection refused"),
            _ => null,
        };
        if (measurement is not null)
            stage.Candidate.Measures("queue", measurement);
        for (var i = 0; i < 10; i++)
            stage.Look().Outcome.ShouldBe(AnalysisOutcome.Running);
        stage.End().Outcome.ShouldBe(AnalysisOutcome.Inconclusive);
        stage.Verdict.Criteria.ShouldAllBe(x => x.Outcome == expected);
    }

    [Fact]
    public void Four_misses_in_a_row_are_forgiven_and_five_are_not()
    {
        var stage = new AnalysisStage(ShortQueue);
        stage.Candidate.Measures("queue", 20);
        for (var i = 0; i < 20; i++)
            stage.Look();
        stage.Candidate.Measures("queue", new Measurement.Unavailable("connection refused"));
        for (var i = 0; i < 3; i++)
            stage.Look();
        stage.End().Outcome.ShouldBe(AnalysisOutcome.Passed);
        stage.Look().Criteria[0].Outcome.ShouldBe(CriterionOutcome.Unavailable);
        stage.Verdict.Criteria[0].Text.ShouldBe("connection refused (6 of 26 measurements without a number); limit < 100");
    }

    [Fact]
    public void Measurements_are_compared_with_the_baseline()
    {
        var (stage, simulation) = (new AnalysisStage(NoLongerQueue), new ReleaseSimulation(5));
        var verdict = stage.Verdict;
        for (var i = 0; i < 25; i++)
        {
            stage.Candidate.Measures("queue", simulation.LogNormal(1, 30, 0.2)[0]);
            stage.Baseline.Measures("queue", simulation.LogNormal(1, 20, 0.2)[0]);
            verdict = i < 24 ? stage.Look() : stage.End();
        }

        verdict.Outcome.ShouldBe(AnalysisOutcome.Failed);
        verdict.Criteria[0].Ratio!.Value.ShouldBe(1.5, 0.2);
    }

    [Fact]
    public void A_verdict_reads_back_from_the_journal_as_it_was()
    {
        var stage = new AnalysisStage(FewErrors, NotSlower, NoMoreErrors, ShortQueue, Healthy);
        stage.Candidate.Answers(50, failed: 1);
        stage.Baseline.Answers(50);
        var verdict = stage.End();
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        var json = JsonSerializer.Serialize(verdict, options);
        json.ShouldContain("\"outcome\":\"failed\"");
        JsonSerializer.Deserialize<AnalysisVerdict>(json, options).ShouldBe(verdict);
    }

    static string Text(AnalysisStage stage) => stage.Verdict.ToString();
}
