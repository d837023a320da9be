using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>Why a version is what it is: see <see cref="ExplanationText"/> for the same in words.</summary>
public sealed record VersionExplanation
{
    /// <summary>The version tag on the commit itself, when it decides (<c>prevent-increment.when-current-commit-tagged</c>); otherwise null.</summary>
    public string? OwnTag { get; init; }

    /// <summary>Whether that tag decides because <see cref="ReleaseTagger"/> has set it.</summary>
    public bool OwnTagIsRelease { get; init; }

    /// <summary>
    /// The versions that the strategies found: the one that was taken, then the others, the highest first; fifty at most. Tags that even their next major
    /// version leaves below a later tag are not among them. Empty when the commit's own tag decides.
    /// </summary>
    public ImmutableArray<VersionCandidate> Candidates { get; init; } = [];

    /// <summary>How many more were found, none of them higher.</summary>
    public int FurtherCandidates { get; init; }

    /// <summary>The settings that took part, and where each of them stands.</summary>
    public required ImmutableArray<VersionSetting> Settings { get; init; }

    /// <summary>How the distance shows in the version.</summary>
    public required DeploymentMode Mode { get; init; }

    /// <summary>The version of a tag of the branch that the result may not be below and therefore was lifted to; null when it was not.</summary>
    public string? LiftedTo { get; init; }
}
