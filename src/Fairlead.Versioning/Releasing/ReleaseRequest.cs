namespace Fairlead.Versioning;

/// <summary>Which release is to be made; by default the one that the history asks for.</summary>
public sealed record ReleaseRequest
{
    /// <summary>What it is, or null: the history decides.</summary>
    public ReleaseType? Type { get; init; }

    /// <summary>The very version, or null. Excludes <see cref="Type"/> and <see cref="PreRelease"/>.</summary>
    public SemanticVersion? Version { get; init; }

    /// <summary>The label of a pre-release (<c>rc</c>), which gets the next free number; null for a release.</summary>
    public string? PreRelease { get; init; }
}
