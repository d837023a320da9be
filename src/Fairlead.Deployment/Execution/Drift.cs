using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>How what runs differs from what should.</summary>
/// <param name="Environment">The environment.</param>
/// <param name="Version">Version of the release that should be live; null: none.</param>
/// <param name="Differences">Each difference; empty: there is none.</param>
public sealed record Drift(string Environment, string? Version, ImmutableArray<DriftDifference> Differences)
{
    /// <summary>Whether the differences are in what is configured: then a deployment of the same release mends them. Otherwise only in what runs.</summary>
    public bool IsConfigured => Differences.Any(x => x.IsConfigured);

    /// <summary>The differences as lines.</summary>
    public override string ToString() => Differences.IsEmpty
        ? $"{Environment} runs what is configured{(Version is null ? ": nothing" : $", {Version}")}."
        : string.Join('\n', Differences.Select(x => x.ToString()).Prepend($"{Environment} does not run what is configured ({Version ?? "nothing is live"}):"));
}
