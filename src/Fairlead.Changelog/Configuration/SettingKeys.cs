using System.Collections.Immutable;

namespace Fairlead.Changelog;

/// <summary>All keys of <c>.nuke/changelog.yml</c>; a test holds docs/changelog.md to them.</summary>
static class SettingKeys
{
    public static ImmutableArray<string> Root { get; } =
        ["types", "breaking-first", "contributors", "fold-pre-releases", "bots", "forge", "repository", "issues", "templates", "file"];

    public static ImmutableArray<string> Type { get; } = ["title", "section", "audience", "aliases"];

    public static ImmutableArray<string> Issues { get; } = ["pattern", "url"];

    public static ImmutableArray<(string Word, DocumentKind Value)> Templates { get; } =
        [("release-notes", DocumentKind.ReleaseNotes), ("changelog", DocumentKind.Changelog), ("migration-guide", DocumentKind.MigrationGuide)];

    public static ImmutableArray<(string Word, Audience Value)> Audiences { get; } =
        [("users", Audience.Users), ("developers", Audience.Developers), ("nobody", Audience.Nobody)];

    public static ImmutableArray<(string Word, Forge Value)> Forges { get; } =
        [("github", Forge.GitHub), ("gitlab", Forge.GitLab), ("gitea", Forge.Gitea), ("bitbucket", Forge.Bitbucket), ("azure-devops", Forge.AzureDevOps)];
}
