using System.Collections.Immutable;
using Fairlead.Versioning;

namespace Fairlead.Changelog;

/// <summary>
/// Gives each commit to the first release that contains it; pure. "First" is by corrected commit date (git, Documentation/technical/commit-graph:
/// the later of a commit's own time and those of all its ancestors), so that a clock which ran backwards puts no release before one that it contains.
/// </summary>
static class ReleaseAssignment
{
    /// <param name="log">The commits.</param>
    /// <param name="tags">The tags that name releases; those on commits that are not in the log only tell what came before.</param>
    /// <param name="head">The commit that is not released yet, with all before it; null: only releases are told.</param>
    /// <param name="unreleased">The version that it will have, or null.</param>
    /// <param name="foldPreReleases">Whether a pre-release is told as a part of the release after it.</param>
    /// <returns>The releases, newest first, each with its commits, newest first. What is not released is there when it has commits or a version.</returns>
    public static ImmutableArray<HistoryRelease> Assign(
        CommitLog log, IReadOnlyCollection<ReleaseTag> tags, string? head, SemanticVersion? unreleased = null, bool foldPreReleases = false)
    {
        var dates = CorrectedDates(log);
        var ordered = tags.Where(x => log.Find(x.Commit) is not null).OrderBy(x => dates[log.Find(x.Commit)!.Value]).ThenBy(x => x).ToList();
        var claims = new Claims(log);
        List<(HistoryRelease Release, int Tip)> releases = [];
        void Claim(ReleaseTag tag, bool evenWithoutCommits)
        {
            var tip = log.Find(tag.Commit)!.Value;
            var commits = claims.Take(tip);
            if (commits.Count > 0 || evenWithoutCommits)
                releases.Add((new HistoryRelease { Tag = tag, Version = tag.Version, Commit = tag.Commit, Date = tag.Date, Commits = Pick(log, commits) }, tip));
        }

        foreach (var tag in ordered.Where(x => !foldPreReleases || !x.IsPreRelease))
            Claim(tag, evenWithoutCommits: true);
        if (head is not null && log.Find(head) is { } last)
        {
            var withVersion = unreleased is not null;
            if (foldPreReleases && !(withVersion && !unreleased!.IsPreRelease))
                ClaimPreReleases();
            var commits = claims.Take(last);
            if (commits.Count > 0 || withVersion)
                releases.Add((new HistoryRelease { Version = unreleased, Commit = head, Date = log.Commits[last].Time, Commits = Pick(log, commits) }, last));
        }
        else if (foldPreReleases)
        {
            ClaimPreReleases();
        }

        var previous = new PreviousReleases(log, [.. tags.Where(x => !foldPreReleases || !x.IsPreRelease || releases.Any(y => y.Release.Tag == x))]);
        return
        [
            .. releases.OrderByDescending(x => x.Release.Tag is null).ThenByDescending(x => dates[x.Tip]).ThenByDescending(x => x.Release.Tag)
                .Select(x => x.Release with { Previous = previous.Of(x.Release, x.Tip) }),
        ];

        // One that a release contains has given it its commits already.
        void ClaimPreReleases()
        {
            foreach (var tag in ordered.Where(x => x.IsPreRelease))
                Claim(tag, evenWithoutCommits: false);
        }
    }

    static ImmutableArray<HistoryCommit> Pick(CommitLog log, List<int> commits) => [.. commits.Order().Select(x => log.Commits[x])];

    static long[] CorrectedDates(CommitLog log)
    {
        var dates = new long[log.Commits.Count];
        foreach (var commit in log.ParentsFirst)
        {
            dates[commit] = log.Commits[commit].Time.ToUnixTimeSeconds();
            foreach (var parent in log.Parents[commit])
                dates[commit] = Math.Max(dates[commit], dates[parent] + 1);
        }

        return dates;
    }

    /// <summary>Each commit can be taken once.</summary>
    sealed class Claims(CommitLog log)
    {
        readonly bool[] _taken = new bool[log.Commits.Count];

        public List<int> Take(int tip)
        {
            List<int> commits = [];
            var open = new Stack<int>([tip]);
            while (open.TryPop(out var commit))
            {
                if (_taken[commit])
                    continue;
                _taken[commit] = true;
                commits.Add(commit);
                foreach (var parent in log.Parents[commit])
                    open.Push(parent);
            }

            return commits;
        }
    }

    /// <summary>The highest version in the past of each commit, found in one pass from the oldest to the newest.</summary>
    sealed class PreviousReleases
    {
        readonly ILookup<string, ReleaseTag> _tags;
        readonly ReleaseTag?[] _past;

        public PreviousReleases(CommitLog log, IReadOnlyCollection<ReleaseTag> tags)
        {
            _tags = tags.ToLookup(x => x.Commit, StringComparer.Ordinal);
            _past = new ReleaseTag?[log.Commits.Count];
            foreach (var commit in log.ParentsFirst)
            {
                foreach (var parent in log.Commits[commit].Parents)
                {
                    _past[commit] = Higher(_past[commit], _tags[parent].Max());
                    if (log.Find(parent) is { } position)
                        _past[commit] = Higher(_past[commit], _past[position]);
                }
            }
        }

        public ReleaseTag? Of(HistoryRelease release, int tip)
        {
            var here = _tags[release.Commit].Where(x => release.Tag is null || x < release.Tag).Max();
            return Higher(_past[tip], here);
        }

        static ReleaseTag? Higher(ReleaseTag? a, ReleaseTag? b) => a is null || (b is not null && b > a) ? b : a;
    }
}
