using System.Collections.Immutable;
using Fairlead.Tooling;
using Fairlead.Versioning;

namespace Fairlead.Changelog;

/// <summary>What <see cref="ChangelogGenerator"/> is to tell.</summary>
public sealed record ChangelogRequest
{
    /// <summary>The root of the work tree: where <c>.nuke/changelog.yml</c> and the documents are.</summary>
    public required AbsolutePath Root { get; init; }

    /// <summary>Which part of the history; by default what is not released.</summary>
    public HistoryRange Range { get; init; } = new HistoryRange.Unreleased();

    /// <summary>The version that what is not released will have; null: it has none yet.</summary>
    public SemanticVersion? Version { get; init; }

    /// <summary>The tag that it will have, for links; by default they name the last commit.</summary>
    public string? Tag { get; init; }

    /// <summary>When it is released; by default the time of its last commit.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>A regular expression for what stands before the version in a tag: <c>core-v</c> for one package of several.</summary>
    public string TagPrefix { get; init; } = HistoryRequest.DefaultTagPrefix;

    /// <summary>How versions are made, for tags to mean the same; see <see cref="HistoryRequest.Versioning"/>.</summary>
    public VersioningConfiguration? Versioning { get; init; }

    /// <summary>The paths of one package; see <see cref="HistoryRequest.Paths"/>.</summary>
    public ImmutableArray<string> Paths { get; init; } = [];

    /// <summary>The Keep-a-Changelog file, from the root; null: as the settings say.</summary>
    public string? File { get; init; }

    /// <summary>How changes are told; null: as <c>.nuke/changelog.yml</c> says.</summary>
    public ChangelogSettings? Settings { get; init; }
}
