namespace Fairlead.SupplyChain;

/// <summary>What restore resolved, counted: the measure for whether a scan has looked at the dependencies.</summary>
/// <param name="Packages">Number of different packages.</param>
/// <param name="Projects">Number of projects that resolved any: so many package files must have been seen.</param>
public sealed record RestoredCount(int Packages, int Projects);
