namespace Fairlead.SupplyChain;

/// <summary>A named fact.</summary>
/// <param name="Name">Its name, with a namespace before a colon.</param>
/// <param name="Value">Its value.</param>
public sealed record SbomProperty(string Name, string Value);
