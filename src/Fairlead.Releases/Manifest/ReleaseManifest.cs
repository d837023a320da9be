using System.Collections.Immutable;
using Fairlead.SupplyChain;

namespace Fairlead.Releases;

/// <summary>
/// <c>release.json</c>: what one release is. Written last by Package, never changed afterwards; every later target reads it and
/// nothing else.
/// </summary>
public sealed record ReleaseManifest
{
    /// <summary>The version of this document's schema.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>Name of the application, as in <c>.nuke/environments.yml</c>.</summary>
    public required string Application { get; init; }

    /// <summary>The semantic version.</summary>
    public required string Version { get; init; }

    /// <summary>The full id of the commit that was built.</summary>
    public required string Commit { get; init; }

    /// <summary>Committer time of that commit, in UTC: the only time in here, so that the same commit gives the same manifest.</summary>
    public required DateTimeOffset CommitTime { get; init; }

    /// <summary>Whether the work tree had changes that are in no commit. Protected environments refuse such a release.</summary>
    public bool Dirty { get; init; }

    /// <summary>The branch that was built, or null on a detached head.</summary>
    public string? Branch { get; init; }

    /// <summary>What was built, ordered by name.</summary>
    public required ImmutableArray<ReleaseArtifact> Artifacts { get; init; }

    /// <summary>What was checked, ordered by kind.</summary>
    public required ImmutableArray<Verdict> Verdicts { get; init; }

    /// <summary>The release notes, in Markdown.</summary>
    public string Notes { get; init; } = "";

    /// <summary>
    /// The identity of the release: <c>sha256:</c> over version, commit and the sorted artifact digests. Approvals, verifications and
    /// deployments are keyed by it.
    /// </summary>
    public required string Digest { get; init; }

    /// <summary>The artifact of a name, or null.</summary>
    public ReleaseArtifact? Artifact(string name) => Artifacts.FirstOrDefault(x => x.Name == name);

    /// <summary>The verdict of a kind; one that is not in the manifest was not done.</summary>
    public Verdict Verdict(string kind) =>
        Verdicts.FirstOrDefault(x => x.Kind == kind) ?? new Verdict(kind, VerdictOutcome.NotDone, "The release manifest has no such verdict.");

    /// <summary>The same release with a verdict that was made now, in place of any of that kind; nothing is written.</summary>
    public ReleaseManifest With(Verdict verdict) =>
        this with { Verdicts = [.. Verdicts.Where(x => x.Kind != verdict.Kind).Append(verdict).OrderBy(x => x.Kind, StringComparer.Ordinal)] };
}
