using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>What restore resolved, counted: the measure for whether a scanner has looked at anything.</summary>
public static class RestoredPackages
{
    /// <summary>The projects that are not restored, so that nothing can be said of their packages.</summary>
    public static IReadOnlyList<AbsolutePath> Unrestored(IEnumerable<AbsolutePath> projects) => [.. projects.Where(x => !AssetsFile.Of(x).FileExists())];

    /// <summary>Number of projects that resolved any package.</summary>
    public static int Projects(IEnumerable<AbsolutePath> projects) => projects
        .Select(AssetsFile.Of)
        .Where(x => x.FileExists())
        .Count(x => AssetsFile.Parse(File.ReadAllBytes(x)).Targets.Any(target => target.Any(library => library.IsPackage)));

    /// <summary>Number of different packages, by name and version, that the projects resolved. Projects that are not restored count as none.</summary>
    public static int Count(IEnumerable<AbsolutePath> projects) => projects
        .Select(AssetsFile.Of)
        .Where(x => x.FileExists())
        .SelectMany(x => AssetsFile.Parse(File.ReadAllBytes(x)).Targets)
        .SelectMany(x => x)
        .Where(x => x.IsPackage)
        .DistinctBy(x => (x.Name.ToUpperInvariant(), x.Version))
        .Count();
}
