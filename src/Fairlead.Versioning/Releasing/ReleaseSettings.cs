using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>What <c>.nuke/release.yml</c> says of how releases are tagged.</summary>
public sealed record ReleaseSettings
{
    /// <summary>The whole repository, for one without packages; otherwise nothing but what its packages share.</summary>
    public ReleasePackage Whole { get; init; } = new();

    /// <summary>The packages, by name, in the order of the file. Empty: the repository is released as a whole.</summary>
    public ImmutableArray<ReleasePackage> Packages { get; init; } = [];

    /// <summary>What is released: the packages, or the whole.</summary>
    public ImmutableArray<ReleasePackage> Units => Packages.IsEmpty ? [Whole] : Packages;
}
