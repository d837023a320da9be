namespace Fairlead.SupplyChain;

/// <summary>A tool that can be started, or why there is none.</summary>
/// <param name="Program">What to start: a name on the PATH, or a path; null when there is none.</param>
/// <param name="Version">Its version as the lock file says it; null for one on the PATH.</param>
/// <param name="Explanation">Where it comes from, or what was tried in vain. One sentence.</param>
public sealed record ProvidedTool(string? Program, string? Version, string Explanation);
