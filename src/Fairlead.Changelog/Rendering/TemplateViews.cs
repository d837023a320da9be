using System.Globalization;

namespace Fairlead.Changelog;

#pragma warning disable MA0048 // The names that templates can use, on one page.

/// <summary>What a template starts from. Names in templates begin with a small letter: <c>{{releases}}</c>.</summary>
sealed class DocumentRoot(ReleaseView[] releases, bool single) : TemplateView<DocumentRoot>(Values)
{
    static readonly Dictionary<string, Func<DocumentRoot, object?>> Values = new(StringComparer.Ordinal)
    {
        ["releases"] = x => x.Releases,
        ["single"] = x => x.Single,
        ["empty"] = x => x.Empty,
    };

    public ReleaseView[] Releases => releases;

    public bool Single => single;

    public bool Empty => releases.Length == 0;
}

sealed class ReleaseView(
    ReleaseEntry release, ChangelogSettings settings, ChangeView[] breaking, GroupView[] groups, DependencyView[] dependencies, ContributorView[] contributors) : TemplateView<ReleaseView>(Values)
{
    static readonly Dictionary<string, Func<ReleaseView, object?>> Values = new(StringComparer.Ordinal)
    {
        ["name"] = x => x.Name,
        ["version"] = x => x.Version,
        ["tag"] = x => x.Tag,
        ["previous"] = x => x.Previous,
        ["date"] = x => x.Date,
        ["compareUrl"] = x => x.CompareUrl,
        ["isPreRelease"] = x => x.IsPreRelease,
        ["hasBreaking"] = x => x.HasBreaking,
        ["breakingFirst"] = x => x.BreakingFirst,
        ["breaking"] = x => x.Breaking,
        ["groups"] = x => x.Groups,
        ["hasDependencies"] = x => x.HasDependencies,
        ["dependenciesTitle"] = x => x.DependenciesTitle,
        ["dependencies"] = x => x.Dependencies,
        ["hasContributors"] = x => x.HasContributors,
        ["contributors"] = x => x.Contributors,
        ["quiet"] = x => x.Quiet,
        ["commitCount"] = x => x.CommitCount,
    };

    public string Name => Version ?? "Unreleased";

    public string? Version => release.Version is null ? null : Markdown.Version(release.Version);

    public string? Tag => release.Tag is null ? null : Markdown.Version(release.Tag);

    public string? Previous => release.PreviousTag is null ? null : Markdown.Version(release.PreviousTag);

    public string? Date => release.Version is null ? null : release.Date.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public string? CompareUrl => release.CompareUrl;

    public bool IsPreRelease => release.IsPreRelease;

    public bool HasBreaking => breaking.Length > 0;

    public bool BreakingFirst => settings.BreakingFirst && HasBreaking;

    public ChangeView[] Breaking => breaking;

    public GroupView[] Groups => groups;

    public bool HasDependencies => dependencies.Length > 0;

    public string? DependenciesTitle => settings.Types.FirstOrDefault(x => x.Name == ChangeType.Dependencies)?.Title;

    public DependencyView[] Dependencies => dependencies;

    public bool HasContributors => contributors.Length > 0;

    public ContributorView[] Contributors => contributors;

    public bool Quiet => groups.Length + breaking.Length + dependencies.Length == 0;

    public int CommitCount => release.CommitCount;
}

sealed class GroupView(string type, string title, ChangeView[] changes) : TemplateView<GroupView>(Values)
{
    static readonly Dictionary<string, Func<GroupView, object?>> Values = new(StringComparer.Ordinal)
    {
        ["type"] = x => x.Type,
        ["title"] = x => x.Title,
        ["changes"] = x => x.Changes,
    };

    public string Type => type;

    public string Title => title;

    public ChangeView[] Changes => changes;
}

sealed class ChangeView(DocumentView document, Change change) : TemplateView<ChangeView>(Values)
{
    static readonly Dictionary<string, Func<ChangeView, object?>> Values = new(StringComparer.Ordinal)
    {
        ["line"] = x => x.Line,
        ["type"] = x => x.Type,
        ["scope"] = x => x.Scope,
        ["description"] = x => x.Description,
        ["isBreaking"] = x => x.IsBreaking,
        ["migration"] = x => x.Migration,
        ["migrationText"] = x => x.MigrationText,
        ["author"] = x => x.Author,
        ["commits"] = x => x.Commits,
        ["pullRequests"] = x => x.PullRequests,
        ["references"] = x => x.References,
    };

    public string Line => document.Line(change);

    public string Type => change.Type;

    public string? Scope => change.Scope is null ? null : Markdown.Line(change.Scope);

    public string Description => Markdown.Line(change.Description);

    public bool IsBreaking => change.IsBreaking;

    public string? Migration => change.Migration is null ? null : Markdown.Lines(change.Migration, "  ");

    public string? MigrationText => change.Migration is null ? null : Markdown.Lines(change.Migration, "");

    public string Author => Markdown.Line(change.Author);

    public string Commits => string.Join(", ", change.Commits.Select(document.Commit));

    public string PullRequests => string.Join(", ", change.PullRequests.Select(document.PullRequest));

    public string References => string.Join(", ", change.References.Select(document.Reference));
}

sealed class DependencyView(DocumentView document, DependencyUpdate update) : TemplateView<DependencyView>(Values)
{
    static readonly Dictionary<string, Func<DependencyView, object?>> Values = new(StringComparer.Ordinal)
    {
        ["line"] = x => x.Line,
        ["package"] = x => x.Package,
        ["from"] = x => x.From,
        ["to"] = x => x.To,
    };

    public string Line => document.Line(update);

    public string Package => Markdown.Line(update.Package);

    public string? From => update.From is null ? null : Markdown.Version(update.From);

    public string To => Markdown.Version(update.To);
}

sealed class ContributorView(DocumentView document, Contributor contributor) : TemplateView<ContributorView>(Values)
{
    static readonly Dictionary<string, Func<ContributorView, object?>> Values = new(StringComparer.Ordinal)
    {
        ["name"] = x => x.Name,
        ["in"] = x => x.In,
    };

    public string Name => Markdown.Line(contributor.Name);

    public string In => contributor.PullRequest is { } number ? document.PullRequest(number) : document.Commit(contributor.Commit);
}
