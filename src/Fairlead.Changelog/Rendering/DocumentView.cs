using Fairlead.Versioning;

namespace Fairlead.Changelog;

/// <summary>
/// What templates see: texts, flags and lists by name. Every text that came from a commit, an author or a tag is escaped here, so that no template can
/// forget to; docs/changelog.md lists the names.
/// </summary>
sealed class DocumentView(ChangelogSettings settings, RepositoryLinks? links, DocumentKind kind)
{
    const int ShortId = 7;

    public DocumentRoot Of(ChangelogDocument document)
    {
        var releases = document.Releases.Select(Release).Where(x => kind != DocumentKind.MigrationGuide || x.HasBreaking).ToArray();
        // Notes of one release are shown under a title of their own: that of the release on the server, of a mail.
        var single = kind == DocumentKind.ReleaseNotes && document.Releases.Length == 1;
        return new DocumentRoot(releases, single);
    }

    /// <summary>A change in one line, with its links.</summary>
    public string Line(Change change)
    {
        var scope = change.Scope is null ? "" : $"**{Markdown.Line(change.Scope)}:** ";
        var breaking = change.IsBreaking && !settings.BreakingFirst ? "**Breaking:** " : "";
        return $"{breaking}{scope}{Markdown.Line(change.Description)}{Details(change)}";
    }

    /// <inheritdoc cref="Line(Change)"/>
    public string Line(DependencyUpdate update)
    {
        var from = update.From is null ? "" : $" from {Markdown.Version(update.From)}";
        return $"{Markdown.Line(update.Package)}{from} to {Markdown.Version(update.To)}{InParentheses(Sources(update.PullRequests, update.Commits))}";
    }

    /// <summary>The changes of a group that this document tells.</summary>
    public bool IsTold(ChangeGroup group) => group.Type.Audience switch
    {
        Audience.Users => true,
        Audience.Developers => kind == DocumentKind.Changelog,
        _ => false,
    };

    ReleaseView Release(ReleaseEntry release)
    {
        var tellsDependencies = settings.Types.Any(x => x.Name == ChangeType.Dependencies && IsTold(new ChangeGroup(x, [])));
        return new ReleaseView(
            release,
            settings,
            [.. release.Breaking.Select(x => new ChangeView(this, x))],
            [.. release.Groups.Where(IsTold).Select(x => new GroupView(x.Type.Name, x.Type.Title, [.. x.Changes.Select(y => new ChangeView(this, y))]))],
            tellsDependencies ? [.. release.Dependencies.Select(x => new DependencyView(this, x))] : [],
            [.. release.NewContributors.Select(x => new ContributorView(this, x))]);
    }

    string Details(Change change) => InParentheses(
    [
        .. kind == DocumentKind.Changelog ? [.. change.PullRequests.Select(PullRequest), .. change.Commits.Select(Commit)] : Sources(change.PullRequests, change.Commits),
        .. change.References.Select(Reference),
    ]);

    IEnumerable<string> Sources(IReadOnlyCollection<string> pullRequests, IReadOnlyCollection<string> commits) => pullRequests.Count > 0 ? pullRequests.Select(PullRequest) : commits.Select(Commit);

    static string InParentheses(IEnumerable<string> parts) => string.Join(", ", parts) is { Length: > 0 } text ? $" ({text})" : "";

    public string Commit(string id) => Link(Markdown.Line(id[..Math.Min(ShortId, id.Length)]), links?.Commit(id));

    public string PullRequest(string number) => Link(links?.Forge is Forge.GitLab or Forge.AzureDevOps ? $"!{number}" : $"\\#{number}", links?.PullRequest(number));

    public string Reference(CommitReference reference)
    {
        var sign = reference.Kind switch
        {
            ReferenceKind.Key => "",
            ReferenceKind.MergeRequest => "!",
            ReferenceKind.WorkItem => "AB#",
            _ => "#",
        };
        var owner = reference.Owner is null ? "" : $"{reference.Owner}/";
        var url = reference.Kind == ReferenceKind.Key ? settings.IssueUrl?.Replace("{key}", Uri.EscapeDataString(reference.Id), StringComparison.Ordinal) : links?.Reference(reference);
        var link = Link(Markdown.Line($"{owner}{reference.Repository}{sign}{reference.Id}"), url);
        return reference.Action is null ? link : $"{reference.Action} {link}";
    }

    static string Link(string text, string? url) => url is null ? text : $"[{text}]({url})";
}
