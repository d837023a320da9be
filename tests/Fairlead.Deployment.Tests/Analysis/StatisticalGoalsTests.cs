using System.Globalization;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

/// <summary>What the comparison finds and what it takes for worse that is not, on 1,000 simulated releases each, beside other rules.</summary>
public sealed class StatisticalGoalsTests(ITestOutputHelper output)
{
    const int Releases = 1000;
    const double Maximum = 0.2;

    [Fact]
    public void A_good_release_is_called_worse_at_most_once_in_a_hundred()
    {
        foreach (var (variation, count) in new[] { (0.2, 20), (0.5, 20), (0.5, 30), (0.5, 60), (1.0, 30), (2.0, 30) })
            Share(variation, count, 1).ShouldBeLessThanOrEqualTo(0.01, $"CV {variation}, {count} samples");
    }

    [Fact]
    public void A_release_half_as_slow_again_is_found_with_60_samples() => Share(0.5, 60, 1.5).ShouldBeGreaterThanOrEqualTo(0.85);

    [Fact]
    public void A_release_twice_as_slow_is_found_with_30_samples() => Share(0.5, 30, 2).ShouldBeGreaterThanOrEqualTo(0.95);

    [Fact]
    public void A_release_that_is_a_tenth_slower_passes_however_many_samples_there_are() => Share(0.2, 150, 1.1, releases: 50).ShouldBe(0);

    [Fact]
    public void The_unit_of_the_samples_changes_no_verdict()
    {
        var simulation = new ReleaseSimulation(7);
        for (var i = 0; i < 100; i++)
        {
            double[] candidate = [.. simulation.LogNormal(25, 1.35, 0.4)], baseline = [.. simulation.LogNormal(25, 1, 0.4)];
            foreach (var unit in new[] { 1e-9, 1e-4, 0.001, 3.6, 1000, 1e12 })
            {
                var scaled = Comparison.Compare([.. candidate.Select(x => x * unit)], [.. baseline.Select(x => x * unit)], Comparison.Alpha);
                var plain = Comparison.Compare(candidate, baseline, Comparison.Alpha);
                Comparison.IsWorse(scaled, Maximum, isLast: true).ShouldBe(Comparison.IsWorse(plain, Maximum, isLast: true));
                scaled.Estimate.ShouldBe(plain.Estimate, plain.Estimate * 1e-12);
            }
        }
    }

    [Fact(Explicit = true)]
    public void Table()
    {
        output.WriteLine("| CV | samples | ratio | mean 20 % higher | Kayenta | Fairlead |");
        output.WriteLine("|---|---|---|---|---|---|");
        foreach (var variation in new[] { 0.2, 0.5, 1.0 })
        {
            foreach (var count in new[] { 20, 30, 60, 120 })
            {
                foreach (var ratio in new[] { 1, 1.1, 1.3, 1.5, 2 })
                {
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"| {variation} | {count} | {ratio} | {100 * Share(variation, count, ratio, Releases, MeanIsHigher):0.0} % | {100 * Share(variation, count, ratio, Releases, Kayenta):0.0} % | {100 * Share(variation, count, ratio):0.0} % |"));
                }
            }
        }
    }

    static double Share(double variation, int count, double ratio, int releases = Releases, Func<double[], double[], bool>? rule = null)
    {
        var simulation = new ReleaseSimulation(count);
        var found = 0;
        for (var i = 0; i < releases; i++)
            found += (rule ?? Fairlead)(simulation.LogNormal(count, 0.08 * ratio, variation), simulation.LogNormal(count, 0.08, variation)) ? 1 : 0;
        return (double)found / releases;
    }

    static bool Fairlead(double[] candidate, double[] baseline) =>
        Comparison.IsWorse(Comparison.Compare(candidate, baseline, Comparison.Alpha), Maximum, isLast: true);

    static bool MeanIsHigher(double[] candidate, double[] baseline) => candidate.Average() >= baseline.Average() * (1 + Maximum);

    // Its rule as shipped (tolerance 0.25, confidence 0.98), on exact statistics.
    static bool Kayenta(double[] candidate, double[] baseline)
    {
        var estimate = MannWhitney.Difference(candidate, baseline, 0.01);
        return estimate.AtLeast > 0.25 * Math.Abs(estimate.Estimate);
    }
}
