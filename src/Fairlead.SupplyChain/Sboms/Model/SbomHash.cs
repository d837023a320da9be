namespace Fairlead.SupplyChain;

/// <summary>A hash.</summary>
/// <param name="Algorithm">As CycloneDX names it: <c>SHA-256</c>, <c>SHA-512</c>.</param>
/// <param name="Content">In lower-case hexadecimal.</param>
public sealed record SbomHash(string Algorithm, string Content);
