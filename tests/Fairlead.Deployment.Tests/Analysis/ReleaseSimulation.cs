namespace Fairlead.Deployment.Tests;

/// <summary>Draws what releases might measure, always the same for the same seed.</summary>
sealed class ReleaseSimulation(int seed)
{
    readonly Random _random = new(seed);

    /// <summary>Log-normal values with a median and a coefficient of variation.</summary>
    public double[] LogNormal(int count, double median, double variation)
    {
        var sigma = Math.Sqrt(Math.Log(1 + variation * variation));
        return [.. Enumerable.Range(0, count).Select(_ => median * Math.Exp(sigma * Normal()))];
    }

    /// <summary>How many of so many requests fail.</summary>
    public int Failures(int requests, double share)
    {
        var failures = 0;
        for (var i = 0; i < requests; i++)
            failures += _random.NextDouble() < share ? 1 : 0;
        return failures;
    }

    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
