namespace Fairlead.Engine;

/// <summary>Where a build runs.</summary>
public enum Host
{
    /// <summary>A developer's machine.</summary>
    Terminal,

    /// <summary>GitHub Actions.</summary>
    GitHubActions,

    /// <summary>Another build server: the variable <c>CI</c> is set.</summary>
    Server,
}
