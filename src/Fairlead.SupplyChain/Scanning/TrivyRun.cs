using System.Collections.Immutable;

namespace Fairlead.SupplyChain;

/// <summary>What one call of Trivy gave.</summary>
/// <param name="Report">Its report, or null.</param>
/// <param name="Json">The report without secrets and without canaries, for people and other programs; null without a report.</param>
/// <param name="Failure">Why there is no report, or null.</param>
sealed record TrivyRun(TrivyReport? Report, string? Json, string? Failure)
{
    /// <summary>Why nothing can be said about vulnerable packages, although there is a report; otherwise null.</summary>
    public string? DatabaseFailure { get; init; }

    /// <summary>What the user should know.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>No report.</summary>
    public static TrivyRun Failed(string failure) => new(null, null, failure);
}
