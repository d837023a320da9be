namespace Fairlead.Versioning;

/// <summary>What the workflows have in common.</summary>
static class WorkflowParts
{
    public const string MainPattern = "^master$|^main$";
    public const string ReleasePattern = @"^releases?[\/-](?<BranchName>.+)";
    public const string FeaturePattern = @"^features?[\/-](?<BranchName>.+)";
    public const string HotfixPattern = @"^hotfix(es)?[\/-](?<BranchName>.+)";
    public const string NameOfBranch = "{BranchName}";

    const int WorkWeight = 30_000;
    const int MainWeight = 55_000;

    /// <summary>A workflow without branches.</summary>
    public static VersioningConfiguration Root(string name) => new()
    {
        Workflow = name,
        TagPrefix = "[vV]?",
        VersionInBranchPattern = @"(?<version>[vV]?\d+(\.\d+)?(\.\d+)?).*",
        MajorBumpMessage = @"\+semver:\s?(breaking|major)",
        MinorBumpMessage = @"\+semver:\s?(feature|minor)",
        PatchBumpMessage = @"\+semver:\s?(fix|patch)",
        NoBumpMessage = @"\+semver:\s?(none|skip)",
        Strategies = VersionStrategies.Fallback | VersionStrategies.ConfiguredNextVersion | VersionStrategies.MergeMessage
            | VersionStrategies.TaggedCommit | VersionStrategies.TrackReleaseBranches | VersionStrategies.VersionInBranchName,
        Defaults = new BranchConfiguration
        {
            Mode = DeploymentMode.ContinuousDelivery,
            Label = NameOfBranch,
            Increment = IncrementStrategy.Inherit,
            PreventIncrementOfMergedBranch = false,
            PreventIncrementWhenBranchMerged = false,
            PreventIncrementWhenCurrentCommitTagged = true,
            TrackMergeTarget = false,
            TrackMergeMessage = true,
            CommitMessageIncrementing = CommitMessageIncrementing.Enabled,
            Pattern = "",
            SourceBranches = [],
            IsSourceBranchFor = [],
            TracksReleaseBranches = false,
            IsReleaseBranch = false,
            IsMainBranch = false,
        },
        Branches = [],
    };

    /// <summary>A branch that releases are made from.</summary>
    public static BranchConfiguration Main(string pattern, params ReadOnlySpan<string> sources) => Of(sources) with
    {
        Label = "",
        Increment = IncrementStrategy.Patch,
        PreventIncrementOfMergedBranch = true,
        TrackMergeTarget = false,
        Pattern = pattern,
        TracksReleaseBranches = false,
        IsReleaseBranch = false,
        IsMainBranch = true,
        PreReleaseWeight = MainWeight,
    };

    /// <summary>A branch that a release is prepared on, its version in its name.</summary>
    public static BranchConfiguration Release(IncrementStrategy increment, params ReadOnlySpan<string> sources) => Of(sources) with
    {
        Mode = DeploymentMode.ManualDeployment,
        Label = "beta",
        Increment = increment,
        PreventIncrementOfMergedBranch = true,
        PreventIncrementWhenCurrentCommitTagged = false,
        TrackMergeTarget = false,
        Pattern = ReleasePattern,
        TracksReleaseBranches = false,
        IsReleaseBranch = true,
        IsMainBranch = false,
        PreReleaseWeight = WorkWeight,
    };

    /// <summary>A branch that something new is made on.</summary>
    public static BranchConfiguration Feature(DeploymentMode mode, IncrementStrategy increment, params ReadOnlySpan<string> sources) => Of(sources) with
    {
        Mode = mode,
        Label = NameOfBranch,
        Increment = increment,
        PreventIncrementWhenCurrentCommitTagged = false,
        TrackMergeMessage = true,
        Pattern = FeaturePattern,
        IsMainBranch = false,
        PreReleaseWeight = WorkWeight,
    };

    /// <summary>A branch that something released is mended on.</summary>
    public static BranchConfiguration Hotfix(DeploymentMode mode, string label, IncrementStrategy increment, params ReadOnlySpan<string> sources) => Of(sources) with
    {
        Mode = mode,
        Label = label,
        Increment = increment,
        PreventIncrementWhenCurrentCommitTagged = false,
        Pattern = HotfixPattern,
        IsReleaseBranch = true,
        IsMainBranch = false,
        PreReleaseWeight = WorkWeight,
    };

    /// <summary>The merge commits that hosts make of pull requests.</summary>
    public static BranchConfiguration PullRequest(params ReadOnlySpan<string> sources) => Of(sources) with
    {
        Mode = DeploymentMode.ContinuousDelivery,
        Label = "PullRequest{Number}",
        Increment = IncrementStrategy.Inherit,
        PreventIncrementOfMergedBranch = true,
        PreventIncrementWhenCurrentCommitTagged = false,
        TrackMergeMessage = true,
        Pattern = @"^(pull-requests|pull|pr)[\/-](?<Number>\d*)",
        PreReleaseWeight = WorkWeight,
    };

    /// <summary>Every branch that nothing else matches.</summary>
    public static BranchConfiguration Unknown(IncrementStrategy increment, params ReadOnlySpan<string> sources) => Of(sources) with
    {
        Increment = increment,
        PreventIncrementWhenCurrentCommitTagged = false,
        Pattern = "(?<BranchName>.+)",
    };

    /// <summary>A branch of a workflow.</summary>
    public static KeyValuePair<string, BranchConfiguration> Named(string name, BranchConfiguration branch) => KeyValuePair.Create(name, branch);

    static BranchConfiguration Of(ReadOnlySpan<string> sources) => new() { SourceBranches = [.. sources], IsSourceBranchFor = [] };
}
