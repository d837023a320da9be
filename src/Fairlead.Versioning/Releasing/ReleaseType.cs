namespace Fairlead.Versioning;

/// <summary>What a release is, by hand, whatever the commits say.</summary>
public enum ReleaseType
{
    /// <summary>The first number is raised: users have to change something.</summary>
    Major,

    /// <summary>The second number is raised: something new.</summary>
    Minor,

    /// <summary>The third number is raised.</summary>
    Patch,

    /// <summary>The third number of the latest release in the past is raised, and nothing but corrections may have come since.</summary>
    Hotfix,
}
