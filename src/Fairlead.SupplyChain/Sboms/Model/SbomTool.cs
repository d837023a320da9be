namespace Fairlead.SupplyChain;

/// <summary>A program that made a bill, or a part of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version; null when unknown.</param>
public sealed record SbomTool(string Name, string? Version);
