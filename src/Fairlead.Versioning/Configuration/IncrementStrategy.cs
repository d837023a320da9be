namespace Fairlead.Versioning;

/// <summary>What a branch raises by itself (<c>increment</c> in GitVersion.yml).</summary>
public enum IncrementStrategy
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The last number.</summary>
    Patch,

    /// <summary>The middle number.</summary>
    Minor,

    /// <summary>The first number.</summary>
    Major,

    /// <summary>What the branch that it was made from raises.</summary>
    Inherit,
}
