namespace Fairlead.Versioning;

/// <summary>Which parts of a version an assembly version has (<c>assembly-versioning-scheme</c> and <c>assembly-file-versioning-scheme</c>).</summary>
public enum AssemblyVersioningScheme
{
    /// <summary>1.2.3 and the pre-release number.</summary>
    MajorMinorPatchTag,

    /// <summary>1.2.3.0.</summary>
    MajorMinorPatch,

    /// <summary>1.2.0.0.</summary>
    MajorMinor,

    /// <summary>1.0.0.0.</summary>
    Major,

    /// <summary>No version at all.</summary>
    None,
}
