namespace Fairlead.Versioning;

/// <summary>How raising a version treats one that already is a pre-release.</summary>
enum IncrementMode
{
    /// <summary>Only the pre-release number is raised.</summary>
    Standard,

    /// <summary>The part is raised all the same.</summary>
    Force,

    /// <summary>The part is raised unless the pre-release already leads to a version of which exactly this part was raised (1.2.0-beta.1 for the minor number).</summary>
    EnsureIntegrity,
}
