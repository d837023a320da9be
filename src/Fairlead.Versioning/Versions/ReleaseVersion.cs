using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>The version of what is checked out, and what it was calculated from.</summary>
public sealed record ReleaseVersion
{
    /// <summary>
    /// The version, without build metadata: GitVersion's <c>SemVer</c>, and of a tree with changes <c>dirty</c> with a hash of these, so that two different trees
    /// have two versions.
    /// </summary>
    public required SemanticVersion Version { get; init; }

    /// <summary>The version with the commit as build metadata: <c>1.3.0-alpha.4+sha.0123…</c>.</summary>
    public string InformationalVersion => $"{Version}+sha.{Commit}";

    /// <summary>Full id of the commit.</summary>
    public required string Commit { get; init; }

    /// <summary>Committer time of that commit, in UTC.</summary>
    public required DateTimeOffset CommitTime { get; init; }

    /// <summary>Short name of the branch, or null on a detached head.</summary>
    public string? Branch { get; init; }

    /// <summary>Whether files differ from the commit, or are in no commit and not ignored.</summary>
    public bool IsDirty { get; init; }

    /// <summary>GitVersion's output variables; those of the commit, whatever has been changed since.</summary>
    public required VersionVariables Variables { get; init; }

    /// <summary>Why it is this version.</summary>
    public required VersionExplanation Explanation { get; init; }

    /// <summary>What looks wrong and does not stop anything, each with what to do about it.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>The version of a repository.</summary>
    /// <param name="history">The repository.</param>
    /// <param name="configuration">The rules.</param>
    /// <param name="request">Whose version is wanted; null for that of what is checked out.</param>
    /// <exception cref="Fairlead.Tooling.UserErrorException">There is no such version; the message says why.</exception>
    public static ReleaseVersion Of(RepositoryHistory history, VersioningConfiguration configuration, VersionRequest? request = null)
    {
        var calculation = VersionCalculator.Calculate(history, configuration, request);
        return new ReleaseVersion
        {
            Version = calculation.Version.WithPreRelease(PreRelease(calculation.Version, history.DirtyHash.Value)),
            Commit = history.Graph.IdOf(history.Head),
            CommitTime = DateTimeOffset.FromUnixTimeSeconds(history.Graph.TimeOf(history.Head)),
            Branch = history.HeadBranch is { } branch ? branch["refs/heads/".Length..] : null,
            IsDirty = history.UncommittedChanges > 0,
            Variables = calculation.Variables,
            Explanation = calculation.Explanation,
            Warnings = WarningsOf(history, configuration),
        };
    }

    /// <summary>What looks wrong with a repository or its configuration and does not stop anything, each with what to do about it.</summary>
    public static ImmutableArray<string> WarningsOf(RepositoryHistory history, VersioningConfiguration configuration) =>
    [
        .. configuration.Warnings.Select(x => $"{x}"),
        .. history.Warnings,
    ];

    static string PreRelease(SemanticVersion version, string? dirtyHash)
    {
        const int HashLength = 10;
        if (dirtyHash is null)
            return version.PreRelease;
        // The x keeps a hash of digits alone from being a number with a leading zero, which no version may have.
        var dirty = $"dirty.x{dirtyHash[..Math.Min(HashLength, dirtyHash.Length)]}";
        return version.IsPreRelease ? $"{version.PreRelease}-{dirty}" : dirty;
    }
}
