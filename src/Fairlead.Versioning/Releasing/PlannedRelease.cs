namespace Fairlead.Versioning;

/// <summary>A release that is to be made.</summary>
public sealed record PlannedRelease
{
    /// <summary>What is released.</summary>
    public required ReleasePackage Package { get; init; }

    /// <summary>Its version.</summary>
    public required SemanticVersion Version { get; init; }

    /// <summary>Name of its tag.</summary>
    public required string Tag { get; init; }

    /// <summary>Name of the tag of the release before it; null when it is the first one.</summary>
    public string? PreviousTag { get; init; }

    /// <summary>How many commits it has that the release before it had not.</summary>
    public required int Commits { get; init; }

    /// <summary>GitVersion's variables as they will be on the tagged commit, but for that commit's id and time.</summary>
    public required VersionVariables Variables { get; init; }
}
