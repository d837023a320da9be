using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>What a version is calculated from: read from a repository, or made by a test.</summary>
public sealed record RepositoryHistory
{
    /// <summary>The commits that can be reached from <see cref="Head"/> and from <see cref="References"/>.</summary>
    public required CommitGraph Graph { get; init; }

    /// <summary>The commit that is checked out.</summary>
    public required int Head { get; init; }

    /// <summary>
    /// The branch that is checked out (<c>refs/heads/main</c>); on a detached head the one that the build server names (also <c>refs/heads/pull/5/merge</c>), or null.
    /// </summary>
    public string? HeadBranch { get; init; }

    /// <summary>Whether git has a commit checked out and no branch.</summary>
    public bool IsDetached { get; init; }

    /// <summary>All references, by name in ordinal order.</summary>
    public required ImmutableArray<GitReference> References { get; init; }

    /// <summary>
    /// Short names of the tags on <see cref="Head"/> that <see cref="ReleaseTagger"/> has set (<see cref="ReleaseTagMessage"/>): somebody has chosen this version for this commit,
    /// so it has it, whatever the rules of the branch would make of it.
    /// </summary>
    public ImmutableArray<string> ReleaseTags { get; init; } = [];

    /// <summary>How many files differ from the commit or are in none and not ignored.</summary>
    public int UncommittedChanges { get; init; }

    /// <summary>
    /// Hash of everything that differs from <see cref="Head"/>, in lower-case hexadecimal; null when nothing does. The same
    /// differences give the same hash. It is calculated when it is asked for: there may be large files among what differs.
    /// </summary>
    public Lazy<string?> DirtyHash { get; init; } = new(() => null);

    /// <summary>URL of the remote named <c>origin</c>, without any user name or password; null when there is none.</summary>
    public string? RemoteUrl { get; init; }

    /// <summary>The root of the work tree; null for a history that a test made.</summary>
    public AbsolutePath? Root { get; init; }

    /// <summary>What looks wrong and does not stop anything, each with what to do about it.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}
