using System.Runtime.InteropServices;
using Fairlead.Versioning;

namespace Fairlead.Changelog;

/// <summary>From history to what is told of it; pure: the same history gives the same document.</summary>
public static class ChangelogBuilder
{
    /// <summary>Makes the document of a history.</summary>
    public static ChangelogDocument Build(ChangelogHistory history, ChangelogSettings settings)
    {
        var links = settings.LinksOf(history.RemoteUrl);
        var releases = new ReleaseEntry[history.Releases.Length];
        Parallel.For(0, releases.Length, x => releases[x] = Build(history.Releases[x], settings, links));
        return new ChangelogDocument([.. releases], links);
    }

    static ReleaseEntry Build(HistoryRelease release, ChangelogSettings settings, RepositoryLinks? links)
    {
        var commits = Folding.Fold([.. release.Commits.Select(ReadCommit.Of).Where(x => x.Speaks)]);
        var dependencies = new Dependencies(settings);
        var changes = Distinct(commits.Where(x => !dependencies.Take(x)).Select(x => Tell(x, settings)));
        var byType = changes.Where(x => !x.IsBreaking || !settings.BreakingFirst).ToLookup(x => x.Type, StringComparer.Ordinal);
        return new ReleaseEntry
        {
            Version = release.Tag?.Label ?? release.Version?.ToString(),
            IsPreRelease = release.Version?.IsPreRelease ?? false,
            Tag = release.Tag?.Name,
            PreviousTag = release.Previous?.Name,
            Commit = release.Commit,
            Date = release.Date,
            Breaking = [.. changes.Where(x => x.IsBreaking)],
            Groups = [.. settings.Types.Select(x => new ChangeGroup(x, [.. byType[x.Name]])).Where(x => x.Changes.Length > 0)],
            Dependencies = dependencies.Updates(),
            NewContributors = settings.Contributors ? [.. Thank(release, settings)] : [],
            CommitCount = release.Commits.Length,
            CompareUrl = CompareUrl(release, links),
        };
    }

    static Change Tell(ReadCommit commit, ChangelogSettings settings)
    {
        var message = commit.Message;
        var isRevert = RevertedCommit.Find(commit.Commit.Message, message) is { Header: not null };
        var references = CommitReferences.Find(commit.Commit.Message, settings.IssueKeys);
        var named = references.IsEmpty ? [] : CommitReferences.Find(message.Description, settings.IssueKeys);
        return new Change
        {
            Type = settings.TypeOf(isRevert ? "revert" : message.Type).Name,
            Scope = message.Scope,
            Description = message.Description,
            IsBreaking = message.IsBreaking,
            Migration = message.Migration is { Length: > 0 } migration ? migration : null,
            Commits = [commit.Commit.Id],
            PullRequests = commit.PullRequest is { } number ? [number] : [],
            References = [.. references.Where(x => x.Action is not null || named.Contains(x)).Where(x => x.Id != commit.PullRequest || x.Repository is not null)],
            Author = commit.Commit.Author.Name,
        };
    }

    // What several commits say in the same words is told once.
    static List<Change> Distinct(IEnumerable<Change> changes)
    {
        List<List<Change>> distinct = [];
        var same = new Dictionary<(string, string?, string, string?, bool), List<Change>>();
        foreach (var change in changes)
        {
            ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(same, (change.Type, change.Scope, change.Description, change.Migration, change.IsBreaking), out var isKnown);
            if (!isKnown)
                distinct.Add(group = []);
            group!.Add(change);
        }

        return distinct.ConvertAll(x => x.Count == 1 ? x[0] : x[0] with
        {
            Commits = [.. x.SelectMany(y => y.Commits)],
            PullRequests = [.. x.SelectMany(y => y.PullRequests).Distinct(StringComparer.Ordinal)],
            References = [.. x.SelectMany(y => y.References).Distinct()],
        });
    }

    static IEnumerable<Contributor> Thank(HistoryRelease release, ChangelogSettings settings)
    {
        if (release.NewAuthors.IsEmpty)
            yield break;
        // Newest first: the last one to be put in is the first that somebody wrote.
        var first = new Dictionary<Author, HistoryCommit>();
        foreach (var commit in release.Commits)
            first[commit.Author] = commit;
        foreach (var author in release.NewAuthors.Where(x => !settings.IsBot(x)))
        {
            if (first.TryGetValue(author, out var commit))
                yield return new Contributor(author.Name, commit.Id, ReadCommit.Of(commit).PullRequest);
        }
    }

    static string? CompareUrl(HistoryRelease release, RepositoryLinks? links) => (links, release) switch
    {
        (null, _) => null,
        (_, { Previous: { } previous, Tag: { } tag }) => links.Compare(previous.Name, tag.Name),
        (_, { Previous: { } previous }) => links.Compare(previous.Name, release.Commit),
        (_, { Tag: { } tag }) => links.Tag(tag.Name),
        _ => null,
    };
}
