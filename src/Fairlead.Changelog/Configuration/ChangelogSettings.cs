using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Fairlead.Changelog;

/// <summary>How changes are told: what <c>.nuke/changelog.yml</c> says, or its defaults.</summary>
public sealed record ChangelogSettings
{
    /// <summary>The kinds of changes, in the order of their groups. Those that nobody named stand where <c>other</c> stands.</summary>
    public ImmutableArray<ChangeType> Types { get; init; } = ChangeType.Defaults;

    /// <summary>Whether breaking changes stand in a group of their own before all others. By default they do; otherwise each stands in its group and is marked.</summary>
    public bool BreakingFirst { get; init; } = true;

    /// <summary>Whether those who contribute for the first time are thanked.</summary>
    public bool Contributors { get; init; } = true;

    /// <summary>Whether a pre-release is told as a part of the first release after it.</summary>
    public bool FoldPreReleases { get; init; } = true;

    /// <summary>Names of programs that commit, beside those that end with <c>[bot]</c>; compared without case.</summary>
    public ImmutableArray<string> Bots { get; init; } = DefaultBots;

    /// <summary>The kind of server, for a host whose name does not tell it.</summary>
    public Forge? Forge { get; init; }

    /// <summary>The address of the repository; by default that of the remote named <c>origin</c>.</summary>
    public string? RepositoryUrl { get; init; }

    /// <summary>Finds keys of another tracker in messages (<c>SHOP-[0-9]+</c>); null: there are none.</summary>
    public Regex? IssueKeys { get; init; }

    /// <summary>The address of such a key, with <c>{key}</c> where it stands; null: they are shown without a link.</summary>
    public string? IssueUrl { get; init; }

    /// <summary>Templates of the user's own instead of those shipped, from the root of the repository.</summary>
    public ImmutableSortedDictionary<DocumentKind, string> Templates { get; init; } = ImmutableSortedDictionary<DocumentKind, string>.Empty;

    /// <summary>The Keep-a-Changelog file, from the root of the repository.</summary>
    public string ChangelogFile { get; init; } = "CHANGELOG.md";

    /// <summary>The programs that commit in many repositories and have no <c>[bot]</c> in their names.</summary>
    public static ImmutableArray<string> DefaultBots { get; } =
        ["dependabot", "dependabot-preview", "renovate", "renovate bot", "github-actions", "github actions", "semantic-release-bot", "greenkeeper", "snyk-bot", "gitlab-bot", "azure pipelines"];

    /// <summary>The type that a word of a commit means; the one of commits without a type when nobody named it.</summary>
    public ChangeType TypeOf(string? word) => Types.FirstOrDefault(x => word is not null && x.Answers(word)) ?? OtherType;

    /// <summary>Whether an author is a program.</summary>
    public bool IsBot(Author author) =>
        author.Name.EndsWith("[bot]", StringComparison.OrdinalIgnoreCase) || author.Email.Contains("[bot]@", StringComparison.OrdinalIgnoreCase)
        || Bots.Contains(author.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The links of a repository.</summary>
    /// <param name="remote">URL of its remote; not asked when the settings give an address.</param>
    public RepositoryLinks? LinksOf(string? remote) => RepositoryLinks.FromRemote(RepositoryUrl ?? remote, Forge);

    ChangeType OtherType => Types.FirstOrDefault(x => x.Name == ChangeType.Other) ?? ChangeType.Defaults.Single(x => x.Name == ChangeType.Other);
}
