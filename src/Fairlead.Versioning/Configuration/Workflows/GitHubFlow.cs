using static Fairlead.Versioning.WorkflowParts;

namespace Fairlead.Versioning;

/// <summary><c>GitHubFlow/v1</c>: features are merged into main, which is always fit for a release.</summary>
static class GitHubFlow
{
    public static VersioningConfiguration Configuration { get; } = Root("GitHubFlow/v1") with
    {
        Branches =
        [
            Named("main", Main(MainPattern) with { TrackMergeMessage = true }),
            Named("release", Release(IncrementStrategy.Patch, "main") with { PreventIncrementWhenBranchMerged = false, TrackMergeMessage = true }),
            Named("feature", Feature(DeploymentMode.ManualDeployment, IncrementStrategy.Inherit, "main", "release")),
            Named("pull-request", PullRequest("main", "release", "feature")),
            Named("unknown", Unknown(IncrementStrategy.Inherit, "main", "release", "feature", "pull-request") with
            {
                Mode = DeploymentMode.ManualDeployment,
                Label = NameOfBranch,
                TrackMergeMessage = false,
                IsMainBranch = false,
            }),
        ],
    };
}
