using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>A metric about deployments that is to be published.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it counts; null: nothing is said.</param>
/// <param name="Type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
/// <param name="Labels">Its labels.</param>
public sealed record DeclaredMetric(string Name, string? Description, string Type, ImmutableArray<string> Labels);
