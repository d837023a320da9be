namespace Fairlead.Versioning;

/// <summary>Which part of a version is raised. Larger parts are larger values.</summary>
public enum VersionPart
{
    /// <summary>None: at most the number of a pre-release.</summary>
    None,

    /// <summary>The third number.</summary>
    Patch,

    /// <summary>The second number.</summary>
    Minor,

    /// <summary>The first number.</summary>
    Major,
}
