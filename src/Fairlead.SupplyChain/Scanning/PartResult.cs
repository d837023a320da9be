using System.Collections.Immutable;

namespace Fairlead.SupplyChain;

/// <summary>The result of one part of a scan.</summary>
/// <param name="Verdict">Its verdict; the kind is one of <see cref="ScanKinds"/>.</param>
/// <param name="Findings">All findings, those that do not count too: open ones first, the gravest first.</param>
public sealed record PartResult(Verdict Verdict, ImmutableArray<Finding> Findings)
{
    /// <summary>What the user should know, and what does not change the verdict.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>The exceptions that covered a finding.</summary>
    public ImmutableArray<Exemption> Used { get; init; } = [];

    /// <summary>What Trivy has seen in each image, as CycloneDX, by the image's name.</summary>
    public ImmutableSortedDictionary<string, string> Bills { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Trivy's own reports by the name of what was scanned, without secrets and the lines that they are in.</summary>
    public ImmutableSortedDictionary<string, string> Reports { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
