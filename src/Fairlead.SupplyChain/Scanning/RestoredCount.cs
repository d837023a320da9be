using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>What restore resolved, counted: the measure for whether a scan has looked at the dependencies.</summary>
/// <param name="Packages">Number of different packages.</param>
/// <param name="Projects">Number of projects that resolved any: so many package files must have been seen.</param>
public sealed record RestoredCount(int Packages, int Projects)
{
    /// <summary>The lock files of the projects that resolved any package: each must have been seen. Default: none is known, and only their number counts.</summary>
    public ImmutableArray<AbsolutePath> LockFiles { get; init; } = [];

    /// <summary>Where a lock file does not say what restore resolved, as sentences. Default: nowhere.</summary>
    public ImmutableArray<string> Differences { get; init; } = [];

    /// <summary>What restore resolved for these projects, with their lock files. Projects that are not restored count as none.</summary>
    /// <param name="projects">Project files.</param>
    /// <exception cref="UserErrorException">What restore wrote cannot be read.</exception>
    public static RestoredCount Read(IEnumerable<AbsolutePath> projects)
    {
        var restored = RestoredPackages.Read(projects);
        return new RestoredCount(restored.Packages, restored.ProjectsWithPackages) { LockFiles = restored.LockFiles, Differences = restored.Differences };
    }
}
