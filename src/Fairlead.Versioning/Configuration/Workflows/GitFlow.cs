using static Fairlead.Versioning.WorkflowParts;

namespace Fairlead.Versioning;

/// <summary><c>GitFlow/v1</c>: features come together on develop, release branches lead from there to main, support branches keep old versions.</summary>
static class GitFlow
{
    public static VersioningConfiguration Configuration { get; } = Root("GitFlow/v1") with
    {
        Branches =
        [
            Named("develop", new BranchConfiguration
            {
                Mode = DeploymentMode.ContinuousDelivery,
                Label = "alpha",
                Increment = IncrementStrategy.Minor,
                PreventIncrementWhenCurrentCommitTagged = false,
                TrackMergeTarget = true,
                TrackMergeMessage = true,
                Pattern = "^dev(elop)?(ment)?$",
                SourceBranches = ["main"],
                IsSourceBranchFor = [],
                TracksReleaseBranches = true,
                IsReleaseBranch = false,
                IsMainBranch = false,
                PreReleaseWeight = 0,
            }),
            Named("main", Main(MainPattern) with { TrackMergeMessage = true }),
            Named("release", Release(IncrementStrategy.Minor, "main", "support")),
            Named("feature", Feature(DeploymentMode.ManualDeployment, IncrementStrategy.Inherit, "develop", "main", "release", "support", "hotfix")),
            Named("pull-request", PullRequest("develop", "main", "release", "feature", "support", "hotfix")),
            Named("hotfix", Hotfix(DeploymentMode.ManualDeployment, "beta", IncrementStrategy.Inherit, "main", "support")),
            Named("support", Main(@"^support[\/-](?<BranchName>.+)", "main")),
            Named("unknown", Unknown(IncrementStrategy.Inherit, "main", "develop", "release", "feature", "pull-request", "hotfix", "support") with
            {
                Mode = DeploymentMode.ManualDeployment,
                Label = NameOfBranch,
                PreventIncrementWhenCurrentCommitTagged = true,
                IsMainBranch = false,
            }),
        ],
    };
}
