using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>One look at a revision.</summary>
/// <param name="IsHealthy">Whether the platform found it healthy.</param>
/// <param name="Requests">The platform's counters; null when it has none.</param>
/// <param name="External">What the metric sources measured, by <see cref="Metric.Name"/>.</param>
public sealed record RevisionSample(bool IsHealthy, RequestCounts? Requests, ImmutableSortedDictionary<string, Measurement> External)
{
    /// <summary>A look at a revision that has no metrics of its own.</summary>
    public RevisionSample(bool isHealthy, RequestCounts? requests = null)
        : this(isHealthy, requests, ImmutableSortedDictionary<string, Measurement>.Empty)
    {
    }
}
