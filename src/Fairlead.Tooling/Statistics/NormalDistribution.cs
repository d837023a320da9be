namespace Fairlead.Tooling;

/// <summary>The standard normal distribution.</summary>
public static class NormalDistribution
{
    /// <summary>
    /// The probability of a value above <paramref name="z"/>. Near the middle the power series, outside the continued fraction
    /// (Abramowitz and Stegun, 26.2.11 and 26.2.14), so that small tails keep their digits.
    /// </summary>
    public static double Above(double z)
    {
        if (z < 0)
            return 1 - Above(-z);
        var density = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
        if (z > 4)
        {
            var fraction = 0.0;
            for (var i = 100; i > 0; i--)
                fraction = i / (z + fraction);
            return density / (z + fraction);
        }

        var (term, sum) = (z, z);
        for (var i = 3; Math.Abs(term) > sum * 1e-17; i += 2)
        {
            term *= z * z / i;
            sum += term;
        }

        return 0.5 - density * sum;
    }

    /// <summary>The z with a probability above it of <paramref name="tail"/>, which is between 0 and 1.</summary>
    public static double Quantile(double tail)
    {
        var (low, high) = (-40.0, 40.0);
        for (var i = 0; i < 100; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Above(middle) > tail ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }
}
