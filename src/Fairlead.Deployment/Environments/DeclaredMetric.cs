using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>A metric about deployments that is to be published.</summary>
/// <param name="Name">Its name in the environments file: <c>deployment_duration</c>.</param>
/// <param name="Description">What it says in Prometheus; null: what it says by default.</param>
/// <param name="Type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
/// <param name="Labels">Its labels; empty: those that it has by default.</param>
public sealed record DeclaredMetric(string Name, string? Description, string Type, ImmutableArray<string> Labels)
{
    /// <summary>What it is called in Prometheus; null: by its own name there.</summary>
    public string? PublishedName { get; init; }
}
