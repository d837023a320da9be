using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>The tags of a repository that name versions.</summary>
public static class VersionTags
{
    const string Tags = "refs/tags/";

    /// <summary>All of them, wherever they are. Those whose version is not strictly a semantic one are left out.</summary>
    public static ImmutableArray<RepositoryTag> Of(RepositoryHistory history, VersioningConfiguration configuration)
    {
        var reader = new VersionReader(configuration);
        return
        [
            .. history.References.Where(x => x.Name.StartsWith(Tags, StringComparison.Ordinal))
                .Select(x => (Name: x.Name[Tags.Length..], x.Commit))
                .Select(x => (x.Name, x.Commit, Version: SemanticVersion.TryParse(reader.ReadTag(x.Name)?.ToString(), out var version) ? version : null))
                .Where(x => x.Version is not null)
                .Select(x => new RepositoryTag(x.Name, x.Commit, x.Version!)),
        ];
    }

    /// <summary>Whether a tag of this name would name a version.</summary>
    public static bool IsVersion(string name, VersioningConfiguration configuration) => new VersionReader(configuration).ReadTag(name) is not null;
}
