using System.Collections.Immutable;
using Fairlead.Versioning;

namespace Fairlead.Changelog;

/// <summary>One change as it is told. All text is as the commit has it; who shows it escapes it.</summary>
public sealed record Change
{
    /// <summary>The name of its <see cref="ChangeType"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The part of the product, or null.</summary>
    public string? Scope { get; init; }

    /// <summary>What was done, in one line, without the number of the pull request.</summary>
    public required string Description { get; init; }

    /// <summary>Whether users have to change something.</summary>
    public bool IsBreaking { get; init; }

    /// <summary>What they have to change, possibly of several paragraphs; null when the commit does not say.</summary>
    public string? Migration { get; init; }

    /// <summary>Full ids of the commits that made it: several when they say the same; newest first.</summary>
    public required ImmutableArray<string> Commits { get; init; }

    /// <summary>Numbers of the pull requests that brought them in.</summary>
    public ImmutableArray<string> PullRequests { get; init; } = [];

    /// <summary>What it settles, or names in its first line.</summary>
    public ImmutableArray<CommitReference> References { get; init; } = [];

    /// <summary>The name of who wrote it.</summary>
    public required string Author { get; init; }
}
