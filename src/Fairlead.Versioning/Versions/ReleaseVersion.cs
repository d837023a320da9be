using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>The version of a commit, and what it was calculated from.</summary>
public sealed record ReleaseVersion
{
    /// <summary>The version, without build metadata.</summary>
    public required SemanticVersion Version { get; init; }

    /// <summary>The version with the commit as build metadata: <c>1.3.0-alpha.4+sha.0123…</c>.</summary>
    public string InformationalVersion => $"{Version}+sha.{Commit}";

    /// <summary>Full id of the commit.</summary>
    public required string Commit { get; init; }

    /// <summary>Committer time of that commit, in UTC.</summary>
    public required DateTimeOffset CommitTime { get; init; }

    /// <summary>The branch, or null on a detached head.</summary>
    public string? Branch { get; init; }

    /// <summary>Whether files differ from the commit, or are in no commit and not ignored.</summary>
    public bool IsDirty { get; init; }

    /// <summary>The tag on this very commit that gave the version, or null.</summary>
    public GitTag? Tag { get; init; }

    /// <summary>The latest release before this commit: what <see cref="Commits"/> and the release notes start from. Null when there is none.</summary>
    public GitTag? BaseTag { get; init; }

    /// <summary>Number of commits since <see cref="BaseTag"/>, this one included.</summary>
    public int Distance => Commits.Length;

    /// <summary>The commits since <see cref="BaseTag"/>, newest first.</summary>
    public required ImmutableArray<GitCommit> Commits { get; init; }

    /// <summary>URL of the remote named <c>origin</c>, without any user name or password; null when there is none.</summary>
    public string? RemoteUrl { get; init; }
}
