namespace Fairlead.SupplyChain;

/// <summary>An address with more about a component.</summary>
/// <param name="Type">In CycloneDX's words: <c>website</c>, <c>vcs</c>.</param>
/// <param name="Url">The address.</param>
/// <param name="Comment">For <c>vcs</c> the commit, or null.</param>
public sealed record SbomReference(string Type, string Url, string? Comment = null);
