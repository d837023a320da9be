using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>One metric with its samples.</summary>
/// <param name="Name">Its published name.</param>
/// <param name="Type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
/// <param name="Help">What it is.</param>
/// <param name="Samples">The samples.</param>
public sealed record MetricFamily(string Name, string Type, string Help, ImmutableArray<MetricSample> Samples);
