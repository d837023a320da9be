namespace Fairlead.Tooling;

/// <summary>
/// The rank test of Mann and Whitney (1947) and the estimate and confidence bounds that belong to it (Hodges and Lehmann 1963;
/// Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3rd ed., §§4.1–4.3).
/// </summary>
/// <remarks>
/// Everything is read from the sorted differences (or quotients) of all pairs, so the result is exact where others search for a root with
/// an absolute tolerance, nothing is random, and multiplying all samples by a constant changes no verdict. Bounds and p-values are exact
/// for samples without ties of at most <see cref="ExactUpTo"/>; otherwise the normal approximation is taken, with the correction for ties
/// and for continuity.
/// </remarks>
public static class MannWhitney
{
    /// <summary>The largest samples whose distribution is counted out.</summary>
    public const int ExactUpTo = 20;

    /// <summary>By how much the first sample is larger than the second.</summary>
    /// <param name="first">Its values; not empty.</param>
    /// <param name="second">Its values; not empty.</param>
    /// <param name="alpha">The chance that a bound is wrong, for each of the two bounds.</param>
    public static TwoSampleEstimate Difference(ReadOnlySpan<double> first, ReadOnlySpan<double> second, double alpha) =>
        OfPairs(first, second, alpha, (x, y) => x - y, (x, y) => x + (y - x) / 2);

    /// <summary>
    /// How many times the second sample the first one is; all values positive. The same as the difference of logarithms, without the rounding.
    /// </summary>
    /// <inheritdoc cref="Difference"/>
    public static TwoSampleEstimate Ratio(ReadOnlySpan<double> first, ReadOnlySpan<double> second, double alpha) =>
        OfPairs(first, second, alpha, (x, y) => x / y, (x, y) => Math.Sqrt(x) * Math.Sqrt(y));

    /// <summary>How many times the second histogram's values the first one's are.</summary>
    /// <remarks>
    /// The buckets are even on the logarithm, so the differences of all pairs are counted by the distance of their buckets: exact, and
    /// without looking at single requests. Each distance stands for quotients spread over one bucket's width, so that the estimate is not
    /// bound to the steps of the buckets.
    /// </remarks>
    /// <param name="first">How many values each bucket has, by rising index; not empty.</param>
    /// <param name="second">Likewise.</param>
    /// <param name="growth">How many times the width of one bucket that of the next one is.</param>
    /// <param name="alpha">The chance that a bound is wrong, for each of the two bounds.</param>
    public static TwoSampleEstimate Ratio(IReadOnlyList<(int Index, long Count)> first, IReadOnlyList<(int Index, long Count)> second, double growth, double alpha)
    {
        var lowest = first[0].Index - second[^1].Index;
        var pairs = new double[first[^1].Index - second[0].Index - lowest + 1];
        foreach (var (x, countX) in first)
        {
            foreach (var (y, countY) in second)
                pairs[x - y - lowest] += (double)countX * countY;
        }

        var (m, n) = (first.Sum(x => (double)x.Count), second.Sum(x => (double)x.Count));
        var above = 0.0;
        for (var i = 0; i < pairs.Length; i++)
            above += i + lowest > 0 ? pairs[i] : i + lowest == 0 ? pairs[i] / 2 : 0;
        var pooled = first.Concat(second).GroupBy(x => x.Index, x => (double)x.Count).Select(x => x.Sum());
        var rank = ApproximateRank(m, n, Ties(first.Select(x => (double)x.Count)) + Ties(second.Select(x => (double)x.Count)), alpha);
        return new TwoSampleEstimate(At(m * n / 2), rank < 1 ? 0 : At(rank), rank < 1 ? double.PositiveInfinity : At(m * n - rank), ApproximateP(above, m, n, Ties(pooled)));

        double At(double position)
        {
            var i = 0;
            while (i < pairs.Length - 1 && position > pairs[i])
                position -= pairs[i++];
            return Math.Pow(growth, i + lowest - 0.5 + Math.Min(1, position / pairs[i]));
        }
    }

    static TwoSampleEstimate OfPairs(
        ReadOnlySpan<double> first, ReadOnlySpan<double> second, double alpha, Func<double, double, double> compare, Func<double, double, double> middle)
    {
        var (m, n) = (first.Length, second.Length);
        var pairs = new double[m * n];
        var above = 0.0;
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                pairs[i * n + j] = compare(first[i], second[j]);
                above += first[i] > second[j] ? 1 : first[i] == second[j] ? 0.5 : 0;
            }
        }

        Array.Sort(pairs);
        var estimate = pairs.Length % 2 == 1 ? pairs[pairs.Length / 2] : middle(pairs[pairs.Length / 2 - 1], pairs[pairs.Length / 2]);
        var tiesInPool = Ties([.. first, .. second]);
        double rank, p;
        if (m <= ExactUpTo && n <= ExactUpTo && tiesInPool == 0)
        {
            var chances = Distribution(m, n);
            rank = Array.FindIndex(chances, x => x > alpha);
            p = chances[(int)(m * n - above)];
        }
        else
        {
            // Between two neighbouring differences nothing of one sample equals anything of the other: only ties within the samples count.
            rank = ApproximateRank(m, n, Ties([.. first]) + Ties([.. second]), alpha);
            p = ApproximateP(above, m, n, tiesInPool);
        }

        return rank < 1
            ? new TwoSampleEstimate(estimate, double.NegativeInfinity, double.PositiveInfinity, p)
            : new TwoSampleEstimate(estimate, pairs[(int)rank - 1], pairs[pairs.Length - (int)rank], p);
    }

    /// <summary>
    /// The chances that U is at most 0, 1, 2 … for samples without ties, by the recurrence of Mann and Whitney (1947) over the sample that
    /// the largest value belongs to.
    /// </summary>
    public static double[] Distribution(int m, int n)
    {
        // rows[j][u]: the chance of U = u for samples of i and j.
        var rows = Enumerable.Range(0, n + 1).Select(_ => new double[] { 1 }).ToArray();
        for (var i = 1; i <= m; i++)
        {
            var next = new double[n + 1][];
            next[0] = [1];
            for (var j = 1; j <= n; j++)
            {
                var chances = new double[i * j + 1];
                var (ofFirst, ofSecond) = (rows[j], next[j - 1]);
                for (var u = 0; u < chances.Length; u++)
                {
                    chances[u] = (u >= j && u - j < ofFirst.Length ? i * ofFirst[u - j] : 0) + (u < ofSecond.Length ? j * ofSecond[u] : 0);
                    chances[u] /= i + j;
                }

                next[j] = chances;
            }

            rows = next;
        }

        var sum = 0.0;
        return [.. rows[n].Select(x => sum += x)];
    }

    static double ApproximateRank(double m, double n, double ties, double alpha) =>
        Math.Ceiling(m * n / 2 - 0.5 - NormalDistribution.Quantile(alpha) * Deviation(m, n, ties));

    static double ApproximateP(double above, double m, double n, double ties)
    {
        var deviation = Deviation(m, n, ties);
        return deviation == 0 ? 1 : NormalDistribution.Above((above - m * n / 2 - 0.5) / deviation);
    }

    static double Deviation(double m, double n, double ties) =>
        Math.Sqrt(Math.Max(0, m * n / 12 * (m + n + 1 - ties / ((m + n) * (m + n - 1)))));

    static double Ties(IEnumerable<double> counts) => counts.Sum(x => x * x * x - x);

    static double Ties(double[] values)
    {
        Array.Sort(values);
        var (ties, run) = (0.0, 1.0);
        for (var i = 1; i <= values.Length; i++)
        {
            if (i < values.Length && values[i] == values[i - 1])
            {
                run++;
                continue;
            }

            ties += run * run * run - run;
            run = 1;
        }

        return ties;
    }
}
