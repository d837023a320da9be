using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>What to scan.</summary>
/// <param name="Directory">The root of the sources.</param>
/// <param name="ResolvedPackages">
/// Number of packages that restore resolved. A scanner that saw no packages where there are some looked at nothing, and has failed.
/// </param>
/// <param name="Projects">Number of projects that resolved packages: so many package files must have been seen, or a part was not looked at.</param>
public sealed record ScanRequest(AbsolutePath Directory, int ResolvedPackages, int Projects);
