using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(3, 3)]
    [InlineData(2, 6)]
    [InlineData(5, 4)]
    public void The_distribution_of_U_is_that_of_counting_all_orders(int m, int n)
    {
        var counts = new double[m * n + 1];
        for (var chosen = 0; chosen < 1 << (m + n); chosen++)
        {
            if (int.PopCount(chosen) != m)
                continue;
            var (u, others) = (0, 0);
            for (var i = 0; i < m + n; i++)
            {
                if ((chosen >> i & 1) == 0)
                    others++;
                else
                    u += others;
            }

            counts[u]++;
        }

        var distribution = MannWhitney.Distribution(m, n);
        var sum = 0.0;
        for (var u = 0; u < counts.Length; u++)
            distribution[u].ShouldBe((sum += counts[u]) / counts.Sum(), 1e-12);
    }

    // The values of R's qwilcox(0.025, 10, 10) = 24 and pwilcox(23, 10, 10) = 0.02163.
    [Fact]
    public void The_distribution_agrees_with_the_published_table()
    {
        MannWhitney.Distribution(10, 10)[23].ShouldBe(0.0216, 0.0001);
        MannWhitney.Distribution(10, 10)[24].ShouldBeGreaterThan(0.025);
    }

    [Fact]
    public void The_exact_and_the_approximate_p_value_meet()
    {
        var simulation = new ReleaseSimulation(1);
        var (small, other) = (simulation.LogNormal(20, 1.3, 0.4), simulation.LogNormal(20, 1, 0.4));
        var exact = MannWhitney.Difference(small, other, 0.01);
        // Far below everything, one more value on both sides changes little but the method.
        var approximate = MannWhitney.Difference([.. small, 1e-3], [.. other, 1.0001e-3], 0.01);
        approximate.PValue.ShouldBe(exact.PValue, 0.02);
    }

    [Fact]
    public void Without_enough_samples_there_is_no_bound()
    {
        var estimate = MannWhitney.Ratio([2, 3], [1, 1.5], 0.005);
        estimate.AtLeast.ShouldBe(double.NegativeInfinity);
        estimate.PValue.ShouldBe(1 / 6.0, 1e-12);
    }

    [Fact]
    public void Histograms_give_what_their_durations_give_up_to_the_width_of_a_bucket()
    {
        var simulation = new ReleaseSimulation(2);
        double[] candidate = simulation.LogNormal(200, 0.12, 0.5), baseline = simulation.LogNormal(150, 0.08, 0.5);
        var exact = MannWhitney.Ratio(candidate, baseline, 0.005);
        var grouped = Histogram(candidate).RatioTo(Histogram(baseline), 0.005);
        grouped.Estimate.ShouldBe(exact.Estimate, 0.02 * exact.Estimate);
        grouped.AtLeast.ShouldBe(exact.AtLeast, 0.02 * exact.AtLeast);
        grouped.AtMost.ShouldBe(exact.AtMost, 0.02 * exact.AtMost);
        Histogram(candidate).Percentile(95).ShouldBe(candidate.Order().ElementAt(190), 0.06 * candidate.Max());
    }

    [Fact]
    public void Against_a_baseline_of_zeros_any_shift_beyond_chance_is_too_much()
    {
        var zeros = new double[20];
        Comparison.IsWorse(Comparison.Compare([.. Enumerable.Repeat(1.0, 20)], zeros, 0.005), 0.2, isLast: true).ShouldBeTrue();
        Comparison.IsWorse(Comparison.Compare(zeros, zeros, 0.005), 0.2, isLast: true).ShouldBeFalse();
    }

    [Fact]
    public void Constant_values_that_differ_need_no_noise_to_be_compared()
    {
        double[] ten = [.. Enumerable.Repeat(10.0, 20)], eleven = [.. Enumerable.Repeat(11.0, 20)], thirteen = [.. Enumerable.Repeat(13.0, 20)];
        Comparison.IsWorse(Comparison.Compare(eleven, ten, 0.005), 0.2, isLast: true).ShouldBeFalse();
        Comparison.IsWorse(Comparison.Compare(thirteen, ten, 0.005), 0.2, isLast: true).ShouldBeTrue();
    }

    [Fact]
    public void What_is_just_allowed_is_allowed() => Comparison.IsTooMuch(12.0 / 10, 0.2).ShouldBeFalse();

    // Fisher's own example of the lady tasting tea: 3 of 4 right, 17/70.
    [Fact]
    public void Exact_tests_of_counts_give_the_published_values()
    {
        Counting.FisherAtLeast(3, 4, 1, 4).ShouldBe(17 / 70.0, 1e-12);
        Counting.BinomialAtLeast(8, 10, 0.5).ShouldBe(56 / 1024.0, 1e-12);
        Counting.BinomialAtLeast(2, 10, 0.5).ShouldBe(1013 / 1024.0, 1e-12);
        Counting.LogGamma(0.5).ShouldBe(Math.Log(Math.PI) / 2, 1e-13);
        Counting.LogGamma(21).ShouldBe(Math.Log(2432902008176640000), 1e-12);
        NormalDistribution.Above(1.959963984540054).ShouldBe(0.025, 1e-14);
        NormalDistribution.Above(6).ShouldBe(9.865876450377e-10, 1e-20);
    }

    [Fact]
    public void Large_counts_are_judged_in_time()
    {
        Counting.FisherAtLeast(1_100_000, 100_000_000, 1_000_000, 100_000_000).ShouldBeLessThan(1e-10);
        ShareWatch.IsAbove(1_020_000, 100_000_000, 0.01).ShouldBeTrue();
        ShareWatch.IsAbove(1_000_100, 100_000_000, 0.01).ShouldBeFalse();
    }

    static DurationHistogram Histogram(double[] seconds) => new(seconds
        .GroupBy(x => (int)Math.Ceiling(Math.Log(x / 1e-5) / Math.Log(RequestCounts.Growth))).Select(x => KeyValuePair.Create(x.Key, (long)x.Count())));
}
