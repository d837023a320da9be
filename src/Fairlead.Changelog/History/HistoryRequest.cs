using System.Collections.Immutable;
using Fairlead.Tooling;
using Fairlead.Versioning;

namespace Fairlead.Changelog;

/// <summary>What <see cref="ChangelogHistoryReader"/> is to read.</summary>
public sealed record HistoryRequest
{
    /// <summary>What stands before the version in a tag, when nobody says: <c>v</c>, <c>V</c> or nothing.</summary>
    public const string DefaultTagPrefix = "[vV]?";

    /// <summary>A directory inside the repository.</summary>
    public required AbsolutePath Root { get; init; }

    /// <summary>Which part of the history; by default what is not released.</summary>
    public HistoryRange Range { get; init; } = new HistoryRange.Unreleased();

    /// <summary>A regular expression for what stands before the version in a tag: <c>core-v</c> for one package of several.</summary>
    public string TagPrefix { get; init; } = DefaultTagPrefix;

    /// <summary>
    /// How the versions of the repository, or of the package in it, are made: tags then mean what they mean there, <c>tag-prefix</c> and <c>semantic-version-format</c>
    /// included, and <see cref="TagPrefix"/> means nothing. Null: tags may be written loosely.
    /// </summary>
    public VersioningConfiguration? Versioning { get; init; }

    /// <summary>
    /// Directories and files of one package, from the root of the repository; a leading <c>!</c> leaves one out. Commits that change none of them are left out, releases
    /// never are. Empty: everything.
    /// </summary>
    public ImmutableArray<string> Paths { get; init; } = [];

    /// <summary>The version that what is not released will have; null: it has none yet.</summary>
    public SemanticVersion? UnreleasedVersion { get; init; }

    /// <summary>Whether a pre-release is told as a part of the first release after it, when there is one. By default it is.</summary>
    public bool FoldPreReleases { get; init; } = true;

    /// <summary>Whether to find out who contributes for the first time. For a part of the history that means looking at all before it, once; what was seen is remembered.</summary>
    public bool FindNewAuthors { get; init; } = true;
}
