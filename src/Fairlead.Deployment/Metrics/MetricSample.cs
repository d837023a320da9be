using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>One sample of a metric.</summary>
/// <param name="Labels">Its labels, in the order in which they are written.</param>
/// <param name="Value">Its value; for a histogram the sum of what was observed, in seconds.</param>
public sealed record MetricSample(ImmutableArray<(string Name, string Value)> Labels, double Value)
{
    /// <summary>For a histogram: how many observations were at most the bound, by bound; the last bound is infinite.</summary>
    public ImmutableArray<(double Bound, long Count)> Buckets { get; init; } = [];
}
