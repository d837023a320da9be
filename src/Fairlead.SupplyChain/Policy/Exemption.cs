using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>A finding that somebody has accepted until a day: an entry of <c>exceptions</c> in <c>.nuke/security.yml</c>.</summary>
/// <param name="Id">The advisory (<c>CVE-…</c>, <c>GHSA-…</c>) or rule, compared without case.</param>
/// <param name="Reason">Why it is accepted.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="Expires">The last day (UTC) on which it counts.</param>
public sealed record Exemption(string Id, string Reason, string Owner, DateOnly Expires)
{
    /// <summary>The only package that it is for, by name or <c>name@version</c>; null for all.</summary>
    public string? Package { get; init; }

    /// <summary>The only files that it is for, as a glob relative to the root of the repository; null for all.</summary>
    public string? Path { get; init; }

    /// <summary>Where it is written.</summary>
    public SourceLocation Where { get; init; }

    /// <summary>Whether it is for this finding. Its end is another question.</summary>
    public bool Covers(Finding finding) =>
        finding.Ids.Contains(Id, StringComparer.OrdinalIgnoreCase)
        && (Package is null
            || Package.Equals(finding.Package, StringComparison.OrdinalIgnoreCase)
            || Package.Equals($"{finding.Package}@{finding.Installed}", StringComparison.OrdinalIgnoreCase))
        && (Path is null || Globs.Match([Path], finding.File));
}
