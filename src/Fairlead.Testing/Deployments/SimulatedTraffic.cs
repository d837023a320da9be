using System.Collections.Immutable;
using Fairlead.Deployment;

namespace Fairlead.Testing;

/// <summary>The requests that one simulated revision has answered.</summary>
sealed class SimulatedTraffic(Random random)
{
    readonly Dictionary<int, long> _durations = [];
    double _carry;
    long _total;
    long _failed;

    public RequestCounts Counts => new(_total, _failed, _durations.ToImmutableSortedDictionary());

    /// <summary>Answers the requests of some time.</summary>
    /// <param name="requests">How many came; a fraction is kept for the next time.</param>
    /// <param name="errorRate">Share of them that fails.</param>
    /// <param name="behaviour">How long they take.</param>
    public void Answer(double requests, double errorRate, SimulatedBehaviour behaviour)
    {
        _carry += requests;
        var whole = (long)_carry;
        _carry -= whole;
        // Of a log-normal variable: CV² = e^σ² − 1.
        var sigma = Math.Sqrt(Math.Log(1 + behaviour.ResponseTimeVariation * behaviour.ResponseTimeVariation));
        for (var i = 0L; i < whole; i++)
        {
            _total++;
            if (random.NextDouble() < errorRate)
                _failed++;
            var bucket = BucketOf(behaviour.ResponseTime * Math.Exp(sigma * Normal()));
            _durations[bucket] = _durations.GetValueOrDefault(bucket) + 1;
        }
    }

    static int BucketOf(TimeSpan duration) =>
        Math.Max(0, (int)Math.Ceiling(Math.Log(duration / RequestCounts.FirstBound) / Math.Log(RequestCounts.Growth)));

    /// <summary>Box and Muller's method.</summary>
    double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
