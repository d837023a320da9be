using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>A part of a repository that is released by itself: with its own tags, version and changelog. Or the whole repository.</summary>
public sealed record ReleasePackage
{
    /// <summary>The name (<c>core</c>); null for a repository that is released as a whole.</summary>
    public string? Name { get; init; }

    /// <summary>Directories, files or patterns of git (<c>src/core</c>, <c>libs/*/core</c>) from the root; a commit that touches one of them changes the package. Empty: all do.</summary>
    public ImmutableArray<string> Paths { get; init; } = [];

    /// <summary>What stands before the version in its tags (<c>core/v</c>), literally; null: as <c>tag-prefix</c> in GitVersion.yml says.</summary>
    public string? TagPrefix { get; init; }

    /// <summary>The changelog that its releases are written into, from the root; null: none.</summary>
    public string? Changelog { get; init; }

    /// <summary>The files that its version is written into.</summary>
    public ImmutableArray<VersionPlace> VersionFiles { get; init; } = [];

    /// <summary>The same package with its paths from the root of the work tree, when they are written from a directory inside it.</summary>
    /// <param name="prefix">That directory, from the root, with slashes; empty for the root itself.</param>
    public ReleasePackage Under(string prefix) => prefix.Length == 0
        ? this
        : this with { Paths = Paths.IsEmpty ? [prefix] : [.. Paths.Select(x => x.StartsWith('!') ? $"!{prefix}/{x[1..]}" : $"{prefix}/{x}")] };

    /// <summary>The package's own part of the configuration: its tags have its prefix.</summary>
    public VersioningConfiguration Narrow(VersioningConfiguration configuration) =>
        TagPrefix is null ? configuration : configuration with { TagPrefix = System.Text.RegularExpressions.Regex.Escape(TagPrefix) };
}
