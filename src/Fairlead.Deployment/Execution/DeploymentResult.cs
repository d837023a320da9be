namespace Fairlead.Deployment;

/// <summary>How a command to an environment ended well.</summary>
public enum DeploymentResult
{
    /// <summary>The release is live now.</summary>
    Deployed,

    /// <summary>The release was live already; nothing was changed.</summary>
    AlreadyLive,

    /// <summary>The earlier release is live again.</summary>
    RolledBack,

    /// <summary>Nothing runs any more.</summary>
    Down,
}
