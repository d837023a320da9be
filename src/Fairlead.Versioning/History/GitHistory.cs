using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>What a version is calculated from: a plain value, read by <see cref="GitHistoryReader"/> or made by a test.</summary>
public sealed record GitHistory
{
    /// <summary>Full id of the commit that is checked out.</summary>
    public required string Head { get; init; }

    /// <summary>The branch, or null on a detached head.</summary>
    public string? Branch { get; init; }

    /// <summary>
    /// Hash of everything that differs from <see cref="Head"/>, in lower-case hexadecimal; null when nothing does. The same
    /// differences give the same hash.
    /// </summary>
    public string? DirtyHash { get; init; }

    /// <summary>The version tags that are reachable from <see cref="Head"/>; those lower than <see cref="FormerCalculator.FindBase"/> may be left out.</summary>
    public ImmutableArray<GitTag> Tags { get; init; } = [];

    /// <summary>
    /// The commits reachable from <see cref="Head"/>, itself included, and not from <see cref="FormerCalculator.FindBase"/>; newest first.
    /// </summary>
    public required ImmutableArray<GitCommit> Commits { get; init; }

    /// <summary>URL of the remote named <c>origin</c>, without any user name or password; null when there is none.</summary>
    public string? RemoteUrl { get; init; }
}
