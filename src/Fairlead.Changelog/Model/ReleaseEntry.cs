using System.Collections.Immutable;

namespace Fairlead.Changelog;

/// <summary>One release as it is told.</summary>
public sealed record ReleaseEntry
{
    /// <summary>The version as its tag writes it, or as it will be; null for what has none yet.</summary>
    public string? Version { get; init; }

    /// <summary>Whether it comes before its release.</summary>
    public bool IsPreRelease { get; init; }

    /// <summary>The tag; null for what is not released.</summary>
    public string? Tag { get; init; }

    /// <summary>The tag of the release before it, or null for the first one.</summary>
    public string? PreviousTag { get; init; }

    /// <summary>Full id of its last commit.</summary>
    public required string Commit { get; init; }

    /// <summary>When it was made; in UTC.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>All breaking changes, newest first, whatever their type is.</summary>
    public ImmutableArray<Change> Breaking { get; init; } = [];

    /// <summary>The other changes by kind; with <see cref="ChangelogSettings.BreakingFirst"/> off, the breaking ones too.</summary>
    public ImmutableArray<ChangeGroup> Groups { get; init; } = [];

    /// <summary>The updates of dependencies, by name.</summary>
    public ImmutableArray<DependencyUpdate> Dependencies { get; init; } = [];

    /// <summary>Who is to be thanked for a first contribution; no programs.</summary>
    public ImmutableArray<Contributor> NewContributors { get; init; } = [];

    /// <summary>How many commits there are, those included that are not told.</summary>
    public int CommitCount { get; init; }

    /// <summary>The address of the comparison with the release before, or of the tag of the first release; null when there is none.</summary>
    public string? CompareUrl { get; init; }
}
