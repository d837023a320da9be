namespace Fairlead.Versioning;

/// <summary>A version, and how it came about.</summary>
public sealed record VersionCalculation
{
    /// <summary>GitVersion's output variables.</summary>
    public required VersionVariables Variables { get; init; }

    /// <summary>The version; the same as <see cref="VersionVariables.SemVer"/>.</summary>
    public required SemanticVersion Version { get; init; }

    /// <summary>Position of the commit whose version this is.</summary>
    public required int Commit { get; init; }

    /// <summary>Position of the commit that the distance is counted from; null when the version comes from no commit, and all commits count.</summary>
    public required int? Source { get; init; }

    /// <summary>Number of commits since the source.</summary>
    public required int Distance { get; init; }

    /// <summary>Short name of the branch; <c>(no branch)</c> on a detached head that belongs to no branch, or to several.</summary>
    public required string Branch { get; init; }

    /// <summary>The key in <c>branches</c> whose settings the branch has; null when no pattern matches its name.</summary>
    public required string? BranchKey { get; init; }

    /// <summary>Why it is this version.</summary>
    public required VersionExplanation Explanation { get; init; }
}
