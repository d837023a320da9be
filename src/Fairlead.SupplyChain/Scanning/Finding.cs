namespace Fairlead.SupplyChain;

/// <summary>Something that a scanner found. It never holds a secret itself, only where it is.</summary>
/// <param name="Severity">How grave it is.</param>
/// <param name="Id">The advisory (<c>CVE-…</c>, <c>GHSA-…</c>) or rule.</param>
/// <param name="Where">The file, relative to the scanned directory; with its line where one is known.</param>
/// <param name="Title">What it is: for a vulnerable package its name and version, and the version that mends it.</param>
public sealed record Finding(Severity Severity, string Id, string Where, string Title);
