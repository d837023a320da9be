namespace Fairlead.Deployment;

/// <summary>Exact distributions of counts.</summary>
static class Counting
{
    /// <summary>ln Γ(x) for x &gt; 0, by Stirling's series (Abramowitz and Stegun, 6.1.41) after raising x to 10.</summary>
    public static double LogGamma(double x)
    {
        var shift = 0.0;
        for (; x < 10; x++)
            shift += Math.Log(x);
        var square = x * x;
        var series = (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / square) / square) / square) / square) / x;
        return (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + series - shift;
    }

    /// <summary>The probability of at least <paramref name="hits"/> of <paramref name="trials"/>, each with probability <paramref name="share"/>.</summary>
    public static double BinomialAtLeast(long hits, long trials, double share)
    {
        if (hits <= 0)
            return 1;
        if (hits > trials || share <= 0)
            return 0;
        if (share >= 1)
            return 1;
        // The side that ends sooner is summed.
        if (hits <= trials * share)
            return Math.Max(0, 1 - BinomialAtLeast(trials - hits + 1, trials, 1 - share));
        var term = Math.Exp(LogChoose(trials, hits) + hits * Math.Log(share) + (trials - hits) * Math.Log(1 - share));
        var sum = 0.0;
        for (var k = hits; k <= trials && term > sum * 1e-17; k++)
        {
            sum += term;
            term *= (trials - k) / (k + 1.0) * (share / (1 - share));
        }

        return Math.Min(1, sum);
    }

    /// <summary>
    /// Fisher's exact test, one-sided: when <paramref name="hits"/> + <paramref name="otherHits"/> hits fall on two groups by chance alone,
    /// the probability that the first gets at least so many (Fisher 1935; Agresti, Categorical Data Analysis, §3.5).
    /// </summary>
    public static double FisherAtLeast(long hits, long trials, long otherHits, long otherTrials)
    {
        var all = hits + otherHits;
        if (hits <= Math.Max(0, all - otherTrials))
            return 1;
        // Below the expected number the tail is long and near one; nothing that judges asks for its digits.
        if ((double)hits * otherTrials <= (double)otherHits * trials)
            return 1;
        var term = Math.Exp(LogChoose(trials, hits) + LogChoose(otherTrials, otherHits) - LogChoose(trials + otherTrials, all));
        var sum = 0.0;
        for (var k = hits; k <= Math.Min(all, trials) && term > sum * 1e-17; k++)
        {
            sum += term;
            term *= (trials - k) / (k + 1.0) * ((all - k) / (otherTrials - all + k + 1.0));
        }

        return Math.Min(1, sum);
    }

    static double LogChoose(double n, double k) => LogGamma(n + 1) - LogGamma(k + 1) - LogGamma(n - k + 1);
}
