using System.Collections.Immutable;
using Fairlead.SupplyChain;

namespace Fairlead.Releases;

/// <summary>Everything of a release that its files do not tell; see <see cref="ReleaseManifest"/> for the members.</summary>
public sealed record ReleaseDraft
{
    /// <summary>Name of the application, as in <c>.nuke/environments.yml</c>.</summary>
    public required string Application { get; init; }

    /// <summary>The semantic version.</summary>
    public required string Version { get; init; }

    /// <summary>The full id of the commit.</summary>
    public required string Commit { get; init; }

    /// <summary>Committer time of that commit.</summary>
    public required DateTimeOffset CommitTime { get; init; }

    /// <summary>Whether the work tree had changes that are in no commit.</summary>
    public bool Dirty { get; init; }

    /// <summary>The branch, or null on a detached head.</summary>
    public string? Branch { get; init; }

    /// <summary>The built files, in any order.</summary>
    public required ImmutableArray<ArtifactFile> Artifacts { get; init; }

    /// <summary>What was checked, in any order.</summary>
    public required ImmutableArray<Verdict> Verdicts { get; init; }

    /// <summary>The release notes, in Markdown.</summary>
    public string Notes { get; init; } = "";
}
