namespace Fairlead.Versioning;

/// <summary>How the commits since the version source show in a version (<c>mode</c> in GitVersion.yml, with the meaning of GitVersion 6).</summary>
public enum DeploymentMode
{
    /// <summary>Every commit towards a release has that release's pre-release; the distance is build metadata: <c>1.2.0-beta.1+5</c>.</summary>
    ManualDeployment,

    /// <summary>Every commit has a pre-release of its own: <c>1.2.0-alpha.5</c>.</summary>
    ContinuousDelivery,

    /// <summary>Every commit is a release: <c>1.2.5</c>.</summary>
    ContinuousDeployment,
}
