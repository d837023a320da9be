using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>What restore resolved, counted: the measure for whether a scanner has looked at anything.</summary>
/// <param name="Packages">Number of different packages, by name and version, that the projects resolved. Projects that are not restored count as none.</param>
/// <param name="Projects">Number of projects that resolved any package: so many lock files must have been seen.</param>
public sealed record RestoredPackages(int Packages, int Projects)
{
    /// <summary>Where the lock files of these projects are, or would be: those that the projects name, or <c>packages.lock.json</c> beside them. Each must have been seen. Default: none is known, and only their number counts.</summary>
    public ImmutableArray<AbsolutePath> LockFiles { get; init; } = [];

    /// <summary>Where a lock file does not say what restore resolved, as sentences.</summary>
    public ImmutableArray<string> Differences { get; init; } = [];

    /// <summary>Reads everything in one pass over the files.</summary>
    /// <exception cref="UserErrorException">What restore wrote cannot be read.</exception>
    public static RestoredPackages Read(IEnumerable<AbsolutePath> projects)
    {
        var packages = new HashSet<(string Name, string Version)>();
        List<AbsolutePath> lockFiles = [];
        List<string> differences = [];
        foreach (var project in projects.Where(x => AssetsFile.Of(x).FileExists()))
        {
            var assets = AssetsFile.Read(project);
            var resolved = assets.Targets.SelectMany(x => x.Libraries).Where(x => x.IsPackage).ToList();
            if (resolved.Count == 0)
                continue;
            packages.UnionWith(resolved.Select(x => (x.Name.ToUpperInvariant(), x.Version)));
            lockFiles.Add(LockFile.PathOf(project, assets));
            if (LockFile.Difference(project, assets) is { } difference)
                differences.Add(difference);
        }

        return new RestoredPackages(packages.Count, lockFiles.Count) { LockFiles = [.. lockFiles], Differences = [.. differences] };
    }

    /// <summary>The projects that are not restored, so that nothing can be said of their packages.</summary>
    public static IReadOnlyList<AbsolutePath> Unrestored(IEnumerable<AbsolutePath> projects) => [.. projects.Where(x => !AssetsFile.Of(x).FileExists())];
}
