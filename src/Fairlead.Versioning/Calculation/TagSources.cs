namespace Fairlead.Versioning;

/// <summary>Where version tags are looked for.</summary>
[Flags]
enum TagSources
{
    None = 0,

    /// <summary>In the past of the branch.</summary>
    Branch = 1,

    /// <summary>On children of its commits, wherever those are: the commits that it was merged into (<c>track-merge-target</c>).</summary>
    MergeTargets = 2,

    /// <summary>In the past of main branches: for every branch that is neither a main branch nor a release branch.</summary>
    MainBranches = 4,

    /// <summary>In the past of release branches (<c>tracks-release-branches</c>).</summary>
    ReleaseBranches = 8,
}
