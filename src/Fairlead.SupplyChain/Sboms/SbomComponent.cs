using System.Collections.Immutable;

namespace Fairlead.SupplyChain;

/// <summary>A package or a project in the bill.</summary>
/// <param name="Reference">What the dependency graph calls it: the purl of a package.</param>
/// <param name="Name">Its name.</param>
/// <param name="Version">The version that restore chose.</param>
/// <param name="IsPackage">A package, or a project of the same repository.</param>
/// <param name="Package">What the package's own files say; null for a project.</param>
sealed record SbomComponent(string Reference, string Name, string Version, bool IsPackage, PackageFiles? Package)
{
    /// <summary>Whether a project of the application asks for it itself.</summary>
    public bool IsDirect { get; init; }

    /// <summary>The references of what it depends on.</summary>
    public ImmutableSortedSet<string> DependsOn { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
}
