using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Fairlead.Tooling;
using Fairlead.Versioning;

namespace Fairlead.Changelog;

/// <summary>
/// Reads the releases of a repository with a handful of git processes, however many tags and commits there are.
/// </summary>
/// <param name="processes">Starts git.</param>
public sealed class ChangelogHistoryReader(IProcessRunner processes)
{
    const int FewTags = 16;

    /// <summary>Reads a part of the history of a repository, or of a package in it.</summary>
    /// <exception cref="UserErrorException">
    /// There is no repository, no commit, no such revision, or only a part of the history: a shallow clone, or for a package a clone without trees.
    /// </exception>
    public async Task<ChangelogHistory> ReadAsync(HistoryRequest request, CancellationToken cancellationToken = default)
    {
        var names = new TagNames(request.TagPrefix, request.Versioning);
        var tagsTask = ReadTagsAsync(request.Root, names, cancellationToken);
        var configurationTask = ReadConfigurationAsync(request.Root, cancellationToken);
        var repository = await FindAsync(request.Root, tagsTask, configurationTask, cancellationToken);
        var tags = await tagsTask;
        var configuration = await configurationTask;
        if (request.Paths.Length > 0 && configuration.GetValueOrDefault("remote.origin.partialclonefilter")?.StartsWith("tree:", StringComparison.Ordinal) == true)
        {
            throw new UserErrorException(
                $"The repository '{request.Root}' is a partial clone without trees, so which commits change the package cannot be told.", "git config remote.origin.partialclonefilter blob:none && git fetch --refetch origin");
        }

        var (log, tip, past) = await ReadLogAsync(request, tags, repository.Head, cancellationToken);
        // What has a tag of the wanted version, or any when none is wanted, is released already.
        var isReleased = tags.Any(x => x.Commit == tip && (request.UnreleasedVersion is null || x.Version == request.UnreleasedVersion));
        var releases = ReleaseAssignment.Assign(log, tags, isReleased ? null : tip, request.UnreleasedVersion, request.FoldPreReleases);
        releases = request.Range switch
        {
            HistoryRange.Release(var name) => [.. releases.Where(x => x.Tag is { } tag && IsNamed(tag, name)).Take(1)],
            HistoryRange.Unreleased => [.. releases.Where(x => x.Tag is null || x.Tag.Commit == tip)],
            _ => releases,
        };
        releases = WithPullRequests(log, WithPrevious(request, past, releases));
        if (request.FindNewAuthors)
            releases = NewAuthors.Find(releases, await EarlierAuthorsAsync(request, releases, new KnownAuthors(processes, repository.Top, repository.Common, configuration), cancellationToken));
        if (request.Paths.Length > 0)
            releases = await OnlyTouchingAsync(request, log, releases, cancellationToken);
        return new ChangelogHistory(releases, configuration.GetValueOrDefault("remote.origin.url") is { } url ? Git.WithoutCredentials(url) : null);
    }

    static bool IsNamed(ReleaseTag tag, string name) => tag.Name == name || tag.Label == name;

    async Task<(AbsolutePath Common, AbsolutePath Top, string Head)> FindAsync(AbsolutePath root, Task tags, Task configuration, CancellationToken cancellationToken)
    {
        try
        {
            var result = await processes.RunAsync(
                Git.Command(root, "rev-parse", "--is-shallow-repository", "--git-common-dir", "--show-cdup", "HEAD^{commit}"), cancellationToken: cancellationToken);
            var lines = result.StandardOutput.Split('\n', 4);
            if (lines[0] == "true")
            {
                throw new UserErrorException(
                    $"The repository '{root}' is a shallow clone: commits and tags that the changelog is made of are missing.",
                    "git fetch --unshallow --tags (and in GitHub Actions give actions/checkout the input 'fetch-depth: 0', in GitLab CI set GIT_DEPTH to 0)");
            }

            // The way up is empty at the top, and not even a line in a bare repository.
            var up = lines.Length > 3 && lines[2].Length > 0 ? lines[2] : ".";
            return (AbsolutePath.Resolve(root, lines[1]), AbsolutePath.Resolve(root, up), lines[^1]);
        }
        catch (ProcessFailedException failure)
        {
            // What was asked at the same time has failed for the same reason.
            await Task.WhenAll(tags, configuration).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw Told(root, failure) ?? (Exception)failure;
        }
    }

    static UserErrorException? Told(AbsolutePath root, ProcessFailedException failure) => failure.Result.StandardError switch
    {
        var error when error.Contains("not a git repository", StringComparison.Ordinal) => new(
            $"'{root}' is not inside a git repository, and a changelog is made from git's history.", "Clone the repository with git instead of downloading its files.", failure),
        var error when error.Contains("dubious ownership", StringComparison.Ordinal) => new(
            $"git does not read the repository at '{root}', because it belongs to another user.", $"git config --global --add safe.directory '{root}'", failure),
        var error when error.Contains("HEAD", StringComparison.Ordinal) => new($"The repository '{root}' has no commit yet, so there is nothing to tell.", "Make one: git add . && git commit", failure),
        _ => null,
    };

    async Task<ImmutableArray<ReleaseTag>> ReadTagsAsync(AbsolutePath root, TagNames names, CancellationToken cancellationToken)
    {
        var result = await processes.RunAsync(
            Git.Command(root, "for-each-ref", "--format=%(refname:strip=2)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)%00%(creatordate:unix)%00", "refs/tags"),
            cancellationToken: cancellationToken);
        var tags = ImmutableArray.CreateBuilder<ReleaseTag>();
        foreach (var fields in result.StandardOutput.Split('\0').Chunk(6).Where(x => x.Length == 6))
        {
            // A reference's name holds no white space, so trimming takes only the line feed between two of them.
            var tag = fields[0].Trim();
            if (names.Read(tag) is not var (version, label))
                continue;
            var commit = (fields[1], fields[3]) switch
            {
                ("commit", _) => fields[2],
                (_, "commit") => fields[4],
                (_, "tag") => await BehindNestedTagAsync(root, tag, cancellationToken),
                _ => null,
            };
            if (commit is not null)
            {
                var date = long.TryParse(fields[5], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DateTimeOffset.UnixEpoch;
                tags.Add(new ReleaseTag(tag, commit, version, label, date));
            }
        }

        return WithoutMovingTags(tags);
    }

    // v1.2, which is moved along with every v1.2.x, names no release of its own where it stands beside one.
    static ImmutableArray<ReleaseTag> WithoutMovingTags(IReadOnlyCollection<ReleaseTag> tags)
    {
        var exact = tags.Where(x => x.Label.Count(y => y == '.') > 1).Select(x => x.Commit).ToHashSet(StringComparer.Ordinal);
        return [.. tags.Where(x => x.Label.Contains('-', StringComparison.Ordinal) || x.Label.Count(y => y == '.') > 1 || !exact.Contains(x.Commit))];
    }

    async Task<string?> BehindNestedTagAsync(AbsolutePath root, string tag, CancellationToken cancellationToken)
    {
        var result = await processes.RunAsync(Git.RevParse(root, $"refs/tags/{tag}^{{commit}}").WithAnyExitCode(), cancellationToken: cancellationToken);
        return result.ExitCode == 0 ? result.StandardOutput : null;
    }

    async Task<Dictionary<string, string>> ReadConfigurationAsync(AbsolutePath root, CancellationToken cancellationToken)
    {
        var result = await processes.RunAsync(
            Git.Command(root, "config", "-z", "--get-regexp", @"^(remote\.origin\.(url|partialclonefilter)|mailmap\.(file|blob)|core\.bare)$").WithAnyExitCode(), cancellationToken: cancellationToken);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in result.StandardOutput.Split('\0').Select(x => x.Split('\n', 2)).Where(x => x.Length == 2))
            values[entry[0]] = entry[1];
        return values;
    }

    /// <summary>The commits of the range, the commit up to which they go when that is not a release, and the tags of what may have come before them.</summary>
    async Task<(CommitLog Log, string? Tip, ImmutableArray<ReleaseTag> Past)> ReadLogAsync(HistoryRequest request, ImmutableArray<ReleaseTag> tags, string head, CancellationToken cancellationToken)
    {
        var boundaries = tags.Where(x => !request.FoldPreReleases || !x.IsPreRelease);
        switch (request.Range)
        {
            case HistoryRange.Unreleased:
                var merged = await NewestInPastAsync(request.Root, head, [.. boundaries.Where(x => x.Commit != head)], cancellationToken);
                return (await LogAsync(request.Root, [head, .. merged.Select(x => $"^{x.Commit}")], cancellationToken), head, merged);
            case HistoryRange.Everything:
                // Releases of older lines that were never merged back are releases too; pre-releases of branches are not.
                return (await LogAsync(request.Root, [head, .. tags.Where(x => !x.IsPreRelease).Select(x => x.Commit)], cancellationToken), head, tags);
            case HistoryRange.Release(var name):
                var release = tags.FirstOrDefault(x => x.Name == name) ?? tags.FirstOrDefault(x => x.Label == name)
                    ?? throw NoRelease(name, request.TagPrefix, tags);
                return (await ReleaseLogAsync(request.Root, release, [.. boundaries], cancellationToken), null, tags);
            case HistoryRange.Between(var from, var to):
                var ends = await Task.WhenAll(ResolveAsync(request.Root, from, cancellationToken), ResolveAsync(request.Root, to, cancellationToken));
                return (await LogAsync(request.Root, [ends[1], $"^{ends[0]}"], cancellationToken), ends[1], tags);
            case var other:
                throw new InvalidOperationException($"Unknown range: {other}.");
        }
    }

    static UserErrorException NoRelease(string name, string prefix, ImmutableArray<ReleaseTag> tags) => tags.IsEmpty
        ? new($"There is no release '{name}': no tag here names a version (with the prefix '{prefix}' before it).", "Tags of the server that are not here come with: git fetch --tags")
        : new($"There is no release '{name}'.", Suggestion.Sentence(name, tags.Select(x => x.Name)) ?? $"The newest one is {tags.Max()!.Name}. Tags of the server that are not here come with: git fetch --tags");

    /// <summary>
    /// The newest tags, in the past of a commit; none only where there is none at all. Those before them need not be known: what only they contain may be read, and goes to
    /// its own release. So git is asked about a few, and about all only when none of those is: to look for a tag that is far back is to walk there.
    /// </summary>
    async Task<ImmutableArray<ReleaseTag>> NewestInPastAsync(AbsolutePath root, string commit, ImmutableArray<ReleaseTag> tags, CancellationToken cancellationToken)
    {
        var sorted = tags.OrderByDescending(x => x.Date).ToList();
        var newest = await InPastAsync(sorted.Take(FewTags));
        return newest.IsEmpty && sorted.Count > FewTags ? await InPastAsync(sorted.Skip(FewTags)) : newest;

        async Task<ImmutableArray<ReleaseTag>> InPastAsync(IEnumerable<ReleaseTag> some)
        {
            var asked = some.ToList();
            if (asked.Count == 0)
                return [];
            var merged = (await MergedAsync(root, commit, asked.Count <= FewTags ? asked : [], cancellationToken)).ToHashSet(StringComparer.Ordinal);
            return [.. asked.Where(x => merged.Contains(x.Name))];
        }
    }

    /// <summary>The names of those tags, or of all tags, that are in the past of a commit.</summary>
    async Task<string[]> MergedAsync(AbsolutePath root, string commit, IEnumerable<ReleaseTag> tags, CancellationToken cancellationToken)
    {
        string[] patterns = [.. tags.Select(x => $"refs/tags/{x.Name}")];
        var result = await processes.RunAsync(
            Git.Command(root, ["for-each-ref", $"--merged={commit}", "--format=%(refname:strip=2)", .. patterns.Length > 0 ? patterns : ["refs/tags"]]), cancellationToken: cancellationToken);
        return result.StandardOutput.Split('\n');
    }

    /// <summary>
    /// Everything in the past of a release but what is in the past of an older one. Older is what has an older date, which costs nothing to know. Where dates are wrong
    /// too much may come, which does no harm because each commit goes to its own release, or the release itself may be missing: then git is asked what came before it.
    /// </summary>
    async Task<CommitLog> ReleaseLogAsync(AbsolutePath root, ReleaseTag release, ImmutableArray<ReleaseTag> boundaries, CancellationToken cancellationToken)
    {
        var others = boundaries.Where(x => x.Commit != release.Commit);
        var log = await LogAsync(root, [release.Commit, .. others.Where(x => x.Date <= release.Date).Select(x => $"^{x.Commit}")], cancellationToken);
        if (log.Find(release.Commit) is not null)
            return log;
        var past = (await MergedAsync(root, release.Commit, [], cancellationToken)).ToHashSet(StringComparer.Ordinal);
        return await LogAsync(root, [release.Commit, .. others.Where(x => past.Contains(x.Name)).Select(x => $"^{x.Commit}")], cancellationToken);
    }

    async Task<string> ResolveAsync(AbsolutePath root, string revision, CancellationToken cancellationToken)
    {
        var result = await processes.RunAsync(Git.RevParse(root, $"{revision}^{{commit}}").WithAnyExitCode(), cancellationToken: cancellationToken);
        return result.ExitCode == 0 ? result.StandardOutput : throw new UserErrorException($"There is no commit '{revision}'.", "Give a tag, a branch or an id. Tags that are not here come with: git fetch --tags");
    }

    Task<CommitLog> LogAsync(AbsolutePath root, IEnumerable<string> revisions, CancellationToken cancellationToken) =>
        CommitLogReader.ReadAsync(processes, root, revisions, cancellationToken);

    /// <summary>
    /// What came before the oldest release of a part of the history is often not a parent of one of its commits, but of a merge before. It is then the highest version below it.
    /// </summary>
    static ImmutableArray<HistoryRelease> WithPrevious(HistoryRequest request, ImmutableArray<ReleaseTag> tags, ImmutableArray<HistoryRelease> releases)
    {
        if (request.Range is HistoryRange.Everything || releases.IsEmpty || releases[^1] is not { Previous: null } oldest)
            return releases;
        var candidates = tags.Where(x => (!x.IsPreRelease || !request.FoldPreReleases) && x.Commit != oldest.Commit && (oldest.Version is null || x.Version < oldest.Version));
        if (request.Range is HistoryRange.Between(var from, _))
            candidates = tags.Where(x => IsNamed(x, from));
        return releases.SetItem(releases.Length - 1, oldest with { Previous = candidates.Max() });
    }

    static ImmutableArray<HistoryRelease> WithPullRequests(CommitLog log, ImmutableArray<HistoryRelease> releases)
    {
        var numbers = PullRequests.Find(log, releases.Select(x => log.Find(x.Commit)).OfType<int>());
        return [.. releases.Select(x => x with { Commits = [.. x.Commits.Select(y => numbers[log.Find(y.Id)!.Value] is { } number ? y with { MergedBy = number } : y)] })];
    }

    static async Task<HashSet<string>> EarlierAuthorsAsync(HistoryRequest request, ImmutableArray<HistoryRelease> releases, KnownAuthors authors, CancellationToken cancellationToken)
    {
        var wanted = releases.SelectMany(x => x.Commits).Select(x => x.Id).ToHashSet(StringComparer.Ordinal);
        var outside = releases.SelectMany(x => x.Commits).SelectMany(x => x.Parents).Where(x => !wanted.Contains(x)).ToHashSet(StringComparer.Ordinal);
        return request.Range is HistoryRange.Everything ? [] : await authors.InPastOfAsync(outside, cancellationToken);
    }

    /// <summary>The releases with the commits that change the package, and with the new authors that wrote one of them.</summary>
    async Task<ImmutableArray<HistoryRelease>> OnlyTouchingAsync(HistoryRequest request, CommitLog log, ImmutableArray<HistoryRelease> releases, CancellationToken cancellationToken)
    {
        var ids = log.Commits.Select(x => x.Id).ToHashSet(StringComparer.Ordinal);
        var starts = releases.Select(x => x.Commit);
        var ends = log.Commits.SelectMany(x => x.Parents).Where(x => !ids.Contains(x)).Distinct(StringComparer.Ordinal).Select(x => $"^{x}");
        HashSet<string> touching = new(StringComparer.Ordinal);
        await GitLog.ReadAsync(
            processes, request.Root, ["--full-history", "--format=tformat:%H"], [.. starts, .. ends], new NulRecords(1, (bytes, fields) => touching.Add(Encoding.ASCII.GetString(bytes[fields[0]]))),
            request.Paths.Select(PathSpecification.Of), cancellationToken);
        return
        [
            .. releases.Select(x => x with { Commits = [.. x.Commits.Where(y => touching.Contains(y.Id))] })
                .Select(x => x with { NewAuthors = [.. x.NewAuthors.Where(y => x.Commits.Any(z => z.Author == y))] })
                .Where(x => x.Tag is not null || x.Version is not null || x.Commits.Length > 0),
        ];
    }
}
