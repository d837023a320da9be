namespace Fairlead.Deployment;

/// <summary>
/// Tells, at any moment and however often it is asked, whether a share is above a limit.
/// </summary>
/// <remarks>
/// A stage is looked at dozens of times, and a test meant for one look would sooner or later find something in a good release. So this is no
/// test repeated, but one that may be asked without end: the likelihood of the counts, averaged over all shares above the limit, against
/// that of the limit itself. For a share at or below the limit that quotient is a non-negative supermartingale which starts at one, and the
/// chance that it ever reaches 1/α is at most α (Ville 1939; Robbins 1970, "Statistical methods related to the law of the iterated
/// logarithm", §§2–3). The average is taken evenly over the logarithm of the share, for which there is a closed form:
/// B(k, n−k+1) · P(X ≤ k−1) ÷ (q^k (1−q)^(n−k) · ln(1/q)), with X binomial of n and q, for k hits of n and the limit q.
/// </remarks>
static class ShareWatch
{
    /// <summary>
    /// The chance, over all looks of a whole stage together, that a release whose share is just at the limit is failed early: at most one in a
    /// hundred (such a release has even chances at the end anyway). A better release is failed yet more rarely.
    /// </summary>
    public const double Alpha = 0.01;

    /// <summary>Whether it is certain enough that the share is above the limit.</summary>
    public static bool IsAbove(long hits, long trials, double limit)
    {
        if (hits == 0 || limit >= 1)
            return false;
        return limit <= 0 || LogEvidence(hits, trials, limit) >= -Math.Log(Alpha);
    }

    /// <summary>The logarithm of the quotient; 0 when the counts are not above the limit at all.</summary>
    public static double LogEvidence(long hits, long trials, double limit)
    {
        if (hits <= trials * limit)
            return 0;
        var mass = Counting.LogGamma(hits) + Counting.LogGamma(trials - hits + 1.0) - Counting.LogGamma(trials + 1.0);
        var above = Math.Log(1 - Counting.BinomialAtLeast(hits, trials, limit));
        return mass + above - hits * Math.Log(limit) - (trials - hits) * Math.Log(1 - limit) - Math.Log(-Math.Log(limit));
    }
}
