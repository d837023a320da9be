using System.Collections.Immutable;

namespace Fairlead.Changelog;

/// <summary>One kind of change and how it is told.</summary>
/// <param name="Name">The type of Conventional Commits, in lower case.</param>
/// <param name="Title">The heading of its group.</param>
/// <param name="Section">The heading in a Keep-a-Changelog file (<c>Added</c>, <c>Changed</c>, <c>Deprecated</c>, <c>Removed</c>, <c>Fixed</c>, <c>Security</c>, or any other).</param>
/// <param name="Audience">Who wants to read about it.</param>
/// <param name="Aliases">Other words for the type, in lower case.</param>
public sealed record ChangeType(string Name, string Title, string Section, Audience Audience, ImmutableArray<string> Aliases)
{
    /// <summary>The name of the type of commits that have none.</summary>
    public const string Other = "other";

    /// <summary>The name of the type of dependency updates.</summary>
    public const string Dependencies = "deps";

    /// <summary>The types of a repository that says nothing about them, in the order of their groups.</summary>
    public static ImmutableArray<ChangeType> Defaults { get; } =
    [
        Type("security", "Security", "Security", Audience.Users, "sec"),
        Type("feat", "Features", "Added", Audience.Users, "feature"),
        Type("fix", "Fixes", "Fixed", Audience.Users, "bugfix", "hotfix"),
        Type("perf", "Performance", "Changed", Audience.Users, "performance"),
        Type("deprecate", "Deprecations", "Deprecated", Audience.Users, "deprecated"),
        Type("remove", "Removals", "Removed", Audience.Users, "removed"),
        Type("revert", "Reverts", "Changed", Audience.Users),
        Type(Other, "Other changes", "Changed", Audience.Users),
        Type(Dependencies, "Dependencies", "Changed", Audience.Developers),
        Type("docs", "Documentation", "Changed", Audience.Developers, "doc"),
        Type("refactor", "Refactoring", "Changed", Audience.Developers),
        Type("test", "Tests", "Changed", Audience.Developers, "tests"),
        Type("build", "Build", "Changed", Audience.Developers),
        Type("ci", "Continuous integration", "Changed", Audience.Developers),
        Type("style", "Style", "Changed", Audience.Developers),
        Type("chore", "Chores", "Changed", Audience.Developers),
    ];

    /// <summary>Whether a word means this type.</summary>
    public bool Answers(string word) => word == Name || Aliases.Contains(word);

    static ChangeType Type(string name, string title, string section, Audience audience, params ImmutableArray<string> aliases) => new(name, title, section, audience, aliases);
}
