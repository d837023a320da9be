using System.Globalization;

namespace Fairlead.Changelog;

#pragma warning disable MA0048 // The names that templates can use, on one page.

/// <summary>What a template starts from. Names in templates begin with a small letter: <c>{{releases}}</c>.</summary>
sealed class DocumentRoot(ReleaseView[] releases, bool single)
{
    public ReleaseView[] Releases => releases;

    public bool Single => single;

    public bool Empty => releases.Length == 0;
}

sealed class ReleaseView(
    ReleaseEntry release, ChangelogSettings settings, ChangeView[] breaking, GroupView[] groups, DependencyView[] dependencies, ContributorView[] contributors)
{
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

sealed class GroupView(string type, string title, ChangeView[] changes)
{
    public string Type => type;

    public string Title => title;

    public ChangeView[] Changes => changes;
}

sealed class ChangeView(DocumentView document, Change change)
{
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

sealed class DependencyView(DocumentView document, DependencyUpdate update)
{
    public string Line => document.Line(update);

    public string Package => Markdown.Line(update.Package);

    public string? From => update.From is null ? null : Markdown.Version(update.From);

    public string To => Markdown.Version(update.To);
}

sealed class ContributorView(DocumentView document, Contributor contributor)
{
    public string Name => Markdown.Line(contributor.Name);

    public string In => contributor.PullRequest is { } number ? document.PullRequest(number) : document.Commit(contributor.Commit);
}
