using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>
/// What GitVersion.yml says of the branches that a pattern matches, the workflow's own settings already merged in. Null means that neither says
/// anything: then the settings of the root apply (<see cref="VersioningConfiguration.Defaults"/>).
/// </summary>
public sealed record BranchConfiguration
{
    /// <summary><c>mode</c>.</summary>
    public DeploymentMode? Mode { get; init; }

    /// <summary><c>label</c>: that of pre-releases, with placeholders for the named groups of <see cref="Pattern"/>; empty for a number alone.</summary>
    public string? Label { get; init; }

    /// <summary><c>increment</c>; <see cref="IncrementStrategy.None"/> for a branch that neither the workflow nor the file gives one (GitVersion does not take the root's then).</summary>
    public IncrementStrategy? Increment { get; init; }

    /// <summary><c>prevent-increment.of-merged-branch</c>.</summary>
    public bool? PreventIncrementOfMergedBranch { get; init; }

    /// <summary><c>prevent-increment.when-branch-merged</c>.</summary>
    public bool? PreventIncrementWhenBranchMerged { get; init; }

    /// <summary><c>prevent-increment.when-current-commit-tagged</c>.</summary>
    public bool? PreventIncrementWhenCurrentCommitTagged { get; init; }

    /// <summary><c>track-merge-target</c>: whether tags on commits that this branch was merged into count.</summary>
    public bool? TrackMergeTarget { get; init; }

    /// <summary><c>track-merge-message</c>: whether merge messages name versions.</summary>
    public bool? TrackMergeMessage { get; init; }

    /// <summary><c>commit-message-incrementing</c>.</summary>
    public CommitMessageIncrementing? CommitMessageIncrementing { get; init; }

    /// <summary><c>regex</c>: which branches this is about; .NET's regular expressions.</summary>
    public string? Pattern { get; init; }

    /// <summary><c>source-branches</c>: keys of the branches that these are made from.</summary>
    public ImmutableArray<string>? SourceBranches { get; init; }

    /// <summary><c>is-source-branch-for</c>: keys of the branches that are made from these.</summary>
    public ImmutableArray<string>? IsSourceBranchFor { get; init; }

    /// <summary><c>tracks-release-branches</c>.</summary>
    public bool? TracksReleaseBranches { get; init; }

    /// <summary><c>is-release-branch</c>.</summary>
    public bool? IsReleaseBranch { get; init; }

    /// <summary><c>is-main-branch</c>.</summary>
    public bool? IsMainBranch { get; init; }

    /// <summary><c>pre-release-weight</c>: added to the pre-release number for <c>WeightedPreReleaseNumber</c>.</summary>
    public int? PreReleaseWeight { get; init; }
}
