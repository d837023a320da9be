namespace Fairlead.Versioning;

/// <summary>What a commit or a branch raises. Larger changes are larger values, so that the maximum of several is what they raise together.</summary>
enum Raise
{
    None,
    Patch,
    Minor,

    /// <summary>A breaking change of Conventional Commits: which part it raises depends on the version that it meets.</summary>
    Breaking,

    Major,
}
