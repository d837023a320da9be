namespace Fairlead.Versioning;

/// <summary>Where base versions are looked for (<c>strategies</c> in GitVersion.yml).</summary>
[Flags]
public enum VersionStrategies
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>0.0.0, when nothing else gives one.</summary>
    Fallback = 1,

    /// <summary>The key <c>next-version</c>.</summary>
    ConfiguredNextVersion = 2,

    /// <summary>Messages of merges of release branches.</summary>
    MergeMessage = 4,

    /// <summary>Version tags.</summary>
    TaggedCommit = 8,

    /// <summary>Release branches that exist, for branches that track them.</summary>
    TrackReleaseBranches = 16,

    /// <summary>The name of the branch.</summary>
    VersionInBranchName = 32,

    /// <summary>Commit by commit from the beginning, each raising the one before: for trunk-based development.</summary>
    Mainline = 64,
}
