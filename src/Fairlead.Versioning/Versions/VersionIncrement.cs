namespace Fairlead.Versioning;

/// <summary>Which part of a version a change raises. Larger changes are larger values.</summary>
public enum VersionIncrement
{
    /// <summary>Corrections, and everything that says nothing else.</summary>
    Patch,

    /// <summary>New functionality.</summary>
    Minor,

    /// <summary>Users have to change something.</summary>
    Major,
}
