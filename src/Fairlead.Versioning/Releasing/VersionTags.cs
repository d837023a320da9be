using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>The tags of a repository that name versions.</summary>
public static class VersionTags
{
    const string Tags = "refs/tags/";

    /// <summary>All of them, wherever they are. Those whose version is not strictly a semantic one are left out.</summary>
    public static ImmutableArray<RepositoryTag> Of(RepositoryHistory history, VersioningConfiguration configuration)
    {
        var versionOf = Reader(configuration);
        return
        [
            .. history.References.Where(x => x.Name.StartsWith(Tags, StringComparison.Ordinal))
                .Select(x => (Name: x.Name[Tags.Length..], x.Commit))
                .Select(x => (x.Name, x.Commit, Version: versionOf(x.Name)))
                .Where(x => x.Version is not null)
                .Select(x => new RepositoryTag(x.Name, x.Commit, x.Version!)),
        ];
    }

    /// <summary>Tells the version of a tag by its name, as <see cref="Of"/> does; null when it names none.</summary>
    public static Func<string, SemanticVersion?> Reader(VersioningConfiguration configuration)
    {
        var reader = new VersionReader(configuration);
        return x => SemanticVersion.TryParse(reader.ReadTag(x)?.ToString(), out var version) ? version : null;
    }

    /// <summary>Whether a tag of this name would name a version.</summary>
    public static bool IsVersion(string name, VersioningConfiguration configuration) => new VersionReader(configuration).ReadTag(name) is not null;
}
