using System.Globalization;

namespace Fairlead.Deployment.Tests;

/// <summary>What many looks at one stage do: a stage of ten minutes is looked at 120 times.</summary>
public sealed class WholeStagesTests(ITestOutputHelper output)
{
    [Fact]
    public void A_release_just_at_the_limit_is_hardly_ever_failed_early_however_often_it_is_looked_at() =>
        Early(0.01, requests: 20, looks: 120, releases: 1000).ShouldBeLessThanOrEqualTo(0.01);

    [Fact]
    public void A_release_like_the_baseline_is_hardly_ever_called_worse_in_a_whole_stage() =>
        Worse(1, 0.01, requests: 5, looks: 24, releases: 200).Share.ShouldBeLessThanOrEqualTo(0.01);

    [Fact]
    public void The_evidence_against_a_limit_is_what_its_integral_says()
    {
        foreach (var (hits, trials, limit) in new[] { (3, 50, 0.01), (12, 100, 0.05), (30, 300, 0.08), (900, 1000, 0.5) })
        {
            var (sum, steps) = (0.0, 200_000);
            for (var i = 0; i < steps; i++)
            {
                var share = Math.Pow(limit, (i + 0.5) / steps);
                sum += Math.Exp(hits * Math.Log(share / limit) + (trials - hits) * Math.Log((1 - share) / (1 - limit))) / steps;
            }

            ShareWatch.LogEvidence(hits, trials, limit).ShouldBe(Math.Log(sum), 1e-6);
        }
    }

    [Fact(Explicit = true)]
    public void Table()
    {
        output.WriteLine("Limit < 1 %, 1,000 stages of 120 looks with 20 requests each: failed before the end, and after how many requests (median)");
        foreach (var share in new[] { 0.005, 0.01, 0.02, 0.03, 0.05, 0.2 })
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{100 * share} %: {EarlyMedian(share):0} requests, {100 * Early(share, 20, 120, 1000):0.0} %; by 99.9 % bounds at every look {100 * Early(share, 20, 120, 1000, byBounds: true):0.0} %"));
        output.WriteLine("Comparisons of response time and error rate over 1,000 stages of 120 looks with 10 requests a side each: called worse, before the end");
        foreach (var (ratio, errors) in new[] { (1.0, 0.01), (1.1, 0.01), (1.3, 0.01), (1.5, 0.01), (1.0, 0.03) })
        {
            var (worse, early) = Worse(ratio, errors, 10, 120, 1000);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ratio} × as slow, {100 * errors} % errors instead of 1 %: {100 * worse:0.0} %, {100 * early:0.0} %"));
        }
    }

    static double Early(double share, int requests, int looks, int releases, bool byBounds = false) => Stops(share, requests, looks, releases, byBounds).Count(x => x > 0) / (double)releases;

    static double EarlyMedian(double share) => Stops(share, 20, 120, 1000, byBounds: false).Where(x => x > 0).Order().ToList() is { Count: > 0 } stops ? stops[stops.Count / 2] : double.NaN;

    // After how many requests each release was stopped; 0: not at all.
    static List<long> Stops(double share, int requests, int looks, int releases, bool byBounds)
    {
        var (simulation, stops) = (new ReleaseSimulation(11), new List<long>());
        for (var i = 0; i < releases; i++)
        {
            long total = 0, failed = 0, stop = 0;
            for (var look = 0; look < looks; look++)
            {
                (total, failed) = (total + requests, failed + simulation.Failures(requests, share));
                if (stop == 0 && (byBounds ? Counting.BinomialAtLeast(failed, total, 0.01) < 0.001 : ShareWatch.IsAbove(failed, total, 0.01)))
                    stop = total;
            }

            stops.Add(stop);
        }

        return stops;
    }

    static (double Share, double Early) Worse(double ratio, double errors, int requests, int looks, int releases)
    {
        var simulation = new ReleaseSimulation(12);
        var (worse, early) = (0, 0);
        for (var i = 0; i < releases; i++)
        {
            var stage = new AnalysisStage(new AnalysisRequest
            {
                Stage = "s",
                Duration = TimeSpan.FromSeconds(5 * looks),
                Criteria = [new Criterion(new Metric.ResponseTime(95), null, 0.2), new Criterion(new Metric.ErrorRate(), null, 0.2)],
                Spec = new AnalysisSpec(),
                HasBaseline = true,
            });
            for (var look = 1; look <= looks && stage.Verdict.Outcome != AnalysisOutcome.Failed; look++)
            {
                foreach (var time in simulation.LogNormal(requests, 80 * ratio, 0.5))
                    stage.Candidate.Answers(1, simulation.Failures(1, errors), time);
                foreach (var time in simulation.LogNormal(requests, 80, 0.5))
                    stage.Baseline.Answers(1, simulation.Failures(1, 0.01), time);
                if (stage.Look().Outcome == AnalysisOutcome.Failed && look < looks)
                    early++;
            }

            worse += stage.Verdict.Outcome == AnalysisOutcome.Failed ? 1 : 0;
        }

        return ((double)worse / releases, (double)early / releases);
    }
}
