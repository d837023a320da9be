using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>A version that a strategy found, and what became of it.</summary>
public sealed record VersionCandidate
{
    /// <summary>The strategy.</summary>
    public required VersionStrategies Strategy { get; init; }

    /// <summary>Where it was found: a phrase (<c>tag 'v1.2.0'</c>).</summary>
    public required string Origin { get; init; }

    /// <summary>The version that was found.</summary>
    public required string BaseVersion { get; init; }

    /// <summary>Full id of the commit that it comes from; null for none.</summary>
    public required string? SourceId { get; init; }

    /// <summary>Which part is raised. A pre-release has only its number raised.</summary>
    public required VersionPart Raised { get; init; }

    /// <summary>Full id of the commit whose message asked for it; null when the branch's <c>increment</c> did, or nothing is raised.</summary>
    public string? RaisedById { get; init; }

    /// <summary>The words in that message.</summary>
    public string? RaisedByText { get; init; }

    /// <summary>The version after raising, before the distance is counted.</summary>
    public required string Version { get; init; }

    /// <summary>Whether this one was taken.</summary>
    public required bool IsChosen { get; init; }

    /// <summary>Why it was not taken: a phrase; empty for the one that was.</summary>
    public required string LostBecause { get; init; }

    /// <summary>For the strategy Mainline: what the last commits did, oldest first; fifty at most.</summary>
    public ImmutableArray<string> Steps { get; init; } = [];
}
