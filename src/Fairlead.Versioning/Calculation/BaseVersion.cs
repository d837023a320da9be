namespace Fairlead.Versioning;

/// <summary>A version that a strategy has found, and what is to be raised of it.</summary>
/// <param name="Strategy">Which strategy found it.</param>
/// <param name="Origin">Where: a phrase for people.</param>
/// <param name="Version">What was found.</param>
/// <param name="Source">The commit that distances are counted from; null when the version comes from no commit.</param>
/// <param name="Step">What is raised; null for nothing at all.</param>
sealed record BaseVersion(VersionStrategies Strategy, string Origin, LabelledVersion Version, int? Source, RaiseStep? Step = null)
{
    /// <summary>What is raised, for people.</summary>
    public RaiseReason? Reason { get; init; }

    /// <summary>How a version was reached that several steps led to, for people; oldest first.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];

    /// <summary>The version after raising.</summary>
    public LabelledVersion Incremented => Step is null
        ? Version
        : Version.Increment(Part, Step.Label, Step.Force ? IncrementMode.Force : IncrementMode.Standard, Step.AtLeast);

    /// <summary>The part that is raised.</summary>
    public VersionPart Part => Step is null ? VersionPart.None : Step.Raise.PartOf(Version.Major);
}
