using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>What restore resolved, counted: the measure for whether a scanner has looked at anything.</summary>
/// <param name="Packages">Number of different packages, by name and version, that the projects resolved. Projects that are not restored count as none.</param>
/// <param name="ProjectsWithPackages">Number of projects that resolved any package.</param>
public sealed record RestoredPackages(int Packages, int ProjectsWithPackages)
{
    /// <summary>Counts both in one pass over the files.</summary>
    public static RestoredPackages Read(IEnumerable<AbsolutePath> projects)
    {
        var packages = new HashSet<(string Name, string Version)>();
        var withPackages = 0;
        foreach (var file in projects.Select(AssetsFile.Of).Where(x => x.FileExists()))
        {
            var resolved = AssetsFile.Parse(File.ReadAllBytes(file)).Targets.SelectMany(x => x.Libraries).Where(x => x.IsPackage).ToList();
            withPackages += resolved.Count > 0 ? 1 : 0;
            packages.UnionWith(resolved.Select(x => (x.Name.ToUpperInvariant(), x.Version)));
        }

        return new RestoredPackages(packages.Count, withPackages);
    }

    /// <summary>The projects that are not restored, so that nothing can be said of their packages.</summary>
    public static IReadOnlyList<AbsolutePath> Unrestored(IEnumerable<AbsolutePath> projects) => [.. projects.Where(x => !AssetsFile.Of(x).FileExists())];

    /// <summary>Number of projects that resolved any package. <see cref="Read"/> gives both figures at once.</summary>
    public static int Projects(IEnumerable<AbsolutePath> projects) => Read(projects).ProjectsWithPackages;

    /// <summary>Number of different packages that the projects resolved. <see cref="Read"/> gives both figures at once.</summary>
    public static int Count(IEnumerable<AbsolutePath> projects) => Read(projects).Packages;
}
