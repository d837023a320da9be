namespace Fairlead.Versioning;

/// <summary>The keys that a branch has. All of them may also stand at the root, for what branches leave open.</summary>
static class BranchKeys
{
    /// <summary>The keys below <c>prevent-increment</c>.</summary>
    public static KeySection<BranchConfiguration> PreventIncrement { get; } = new(
    [
        Of("of-merged-branch", Shapes.OrNull(Shapes.Flag), "Whether the version of a branch that is merged is left as it is.", (x, value) => x with { PreventIncrementOfMergedBranch = value }),
        Of("when-branch-merged", Shapes.OrNull(Shapes.Flag), "Whether merging this branch into another raises nothing.", (x, value) => x with { PreventIncrementWhenBranchMerged = value }),
        Of("when-current-commit-tagged", Shapes.OrNull(Shapes.Flag), "Whether a tagged commit has the version of its tag.", (x, value) => x with { PreventIncrementWhenCurrentCommitTagged = value }),
    ]);

    /// <summary>All keys of a branch.</summary>
    public static KeySection<BranchConfiguration> Section { get; } = new(
    [
        Of("mode", Shapes.OrNull(Shapes.Word<DeploymentMode>()), "How commits since the last version show: 1.2.0-beta.1+5, 1.2.0-beta.5 or 1.2.5.", (x, value) => x with { Mode = value }),
        Of("label", Shapes.TextOrNull(Shapes.Text), "Label of pre-releases; {Name} stands for a group of 'regex', null for none.", (x, value) => x with { Label = value }),
        Of("increment", Shapes.Word<IncrementStrategy>(), "What the branch raises by itself; None for a branch of your own that does not say.", (x, value) => x with { Increment = value }),
        PreventIncrement.As<BranchConfiguration>("prevent-increment", "When nothing is raised.", x => x, (_, value) => value),
        Of("track-merge-target", Shapes.OrNull(Shapes.Flag), "Whether tags on commits that this branch was merged into count.", (x, value) => x with { TrackMergeTarget = value }),
        Of("track-merge-message", Shapes.OrNull(Shapes.Flag), "Whether versions in merge messages count.", (x, value) => x with { TrackMergeMessage = value }),
        Of(
            "commit-message-incrementing",
            Shapes.OrNull(Shapes.Word<CommitMessageIncrementing>()),
            "Which commit messages may raise the version.",
            (x, value) => x with { CommitMessageIncrementing = value }),
        Of("regex", Shapes.TextOrNull(Shapes.Pattern), "Which branches this is about.", (x, value) => x with { Pattern = value }),
        Of("source-branches", Shapes.Texts, "Keys of the branches that these are made from.", (x, value) => x with { SourceBranches = value }),
        Of("is-source-branch-for", Shapes.Texts, "Keys of the branches that are made from these.", (x, value) => x with { IsSourceBranchFor = value }),
        Of("tracks-release-branches", Shapes.OrNull(Shapes.Flag), "Whether versions of release branches count: for develop.", (x, value) => x with { TracksReleaseBranches = value }),
        Of("is-release-branch", Shapes.OrNull(Shapes.Flag), "Whether the name of the branch may have its version in it.", (x, value) => x with { IsReleaseBranch = value }),
        Of("is-main-branch", Shapes.OrNull(Shapes.Flag), "Whether releases are made from it.", (x, value) => x with { IsMainBranch = value }),
        Of("pre-release-weight", Shapes.OrNull(Shapes.Count), "Added to the pre-release number for WeightedPreReleaseNumber.", (x, value) => x with { PreReleaseWeight = value }),
    ]);

    static Key<BranchConfiguration> Of<T>(string name, Shape<T> shape, string description, Func<BranchConfiguration, T, BranchConfiguration> set) =>
        Key<BranchConfiguration>.Of(name, shape, description, set);
}
