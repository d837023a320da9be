using System.Collections.Immutable;
using Fairlead.Versioning;

namespace Fairlead.Changelog;

/// <summary>One release and the commits that no release before it contains.</summary>
public sealed record HistoryRelease
{
    /// <summary>The tag; null for what is not released.</summary>
    public ReleaseTag? Tag { get; init; }

    /// <summary>The version; null for what is not released and has no version yet.</summary>
    public SemanticVersion? Version { get; init; }

    /// <summary>The release before it in its own past, or null for the first one.</summary>
    public ReleaseTag? Previous { get; init; }

    /// <summary>Full id of its last commit.</summary>
    public required string Commit { get; init; }

    /// <summary>When it was made: the date of its tag, or the time of the last commit; in UTC.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>The commits, newest first.</summary>
    public ImmutableArray<HistoryCommit> Commits { get; init; } = [];

    /// <summary>Who has no commit in anything before this release, in the order of their first commits. Empty also when nobody asked.</summary>
    public ImmutableArray<Author> NewAuthors { get; init; } = [];
}
