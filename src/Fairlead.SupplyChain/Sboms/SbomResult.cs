namespace Fairlead.SupplyChain;

/// <summary>A software bill of materials, or why there is none.</summary>
/// <param name="Verdict">Of the kind <see cref="VerdictKinds.Sbom"/>.</param>
/// <param name="Json">The CycloneDX document, lines ended with line feeds; null when the verdict is not <see cref="VerdictOutcome.Passed"/>.</param>
/// <param name="Packages">Number of packages that restore resolved.</param>
public sealed record SbomResult(Verdict Verdict, string? Json, int Packages)
{
    /// <summary>The SPDX document, lines ended with line feeds; null as <see cref="Json"/> is.</summary>
    public string? Spdx { get; init; }

    /// <summary>What both documents were written from; null as <see cref="Json"/> is.</summary>
    public Sbom? Sbom { get; init; }

    /// <summary>Which minimum elements are missing and why; null as <see cref="Json"/> is.</summary>
    public SbomCompleteness? Completeness { get; init; }
}
