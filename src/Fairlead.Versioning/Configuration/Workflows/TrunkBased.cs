using static Fairlead.Versioning.WorkflowParts;

namespace Fairlead.Versioning;

/// <summary><c>TrunkBased/preview1</c>: every commit on main is a release.</summary>
static class TrunkBased
{
    public static VersioningConfiguration Configuration { get; } = Root("TrunkBased/preview1") with
    {
        Strategies = VersionStrategies.ConfiguredNextVersion | VersionStrategies.Mainline,
        Branches =
        [
            Named("main", Main(MainPattern) with { Mode = DeploymentMode.ContinuousDeployment, TrackMergeMessage = true }),
            Named("feature", Feature(DeploymentMode.ContinuousDelivery, IncrementStrategy.Minor, "main")),
            Named("hotfix", Hotfix(DeploymentMode.ContinuousDelivery, NameOfBranch, IncrementStrategy.Patch, "main")),
            Named("pull-request", PullRequest("main", "feature", "hotfix")),
            Named("unknown", Unknown(IncrementStrategy.Patch, "main") with { PreReleaseWeight = 30_000 }),
        ],
    };
}
