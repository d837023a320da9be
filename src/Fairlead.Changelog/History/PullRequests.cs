namespace Fairlead.Changelog;

/// <summary>
/// Tells which pull request brought each commit in. Merges are taken from the oldest on, so what a merge brings is what can be reached from its other parents
/// and was not there before. A merge inside a merged branch is nearer to its commits and wins.
/// </summary>
sealed class PullRequests
{
    readonly CommitLog _log;
    readonly bool[] _seen;
    readonly string?[] _numbers;

    PullRequests(CommitLog log) => (_log, _seen, _numbers) = (log, new bool[log.Commits.Count], new string?[log.Commits.Count]);

    /// <summary>The number for each commit, by position.</summary>
    /// <param name="log">The commits.</param>
    /// <param name="tips">Where the main lines end, the one that counts most first.</param>
    public static string?[] Find(CommitLog log, IEnumerable<int> tips)
    {
        var requests = new PullRequests(log);
        foreach (var tip in tips)
            requests.Follow(tip);
        return requests._numbers;
    }

    void Follow(int tip)
    {
        var lines = new Stack<(List<int> Line, int Next, string? Number)>();
        lines.Push((FirstParents(tip), 0, null));
        while (lines.TryPop(out var line))
        {
            if (line.Next == line.Line.Count)
                continue;
            var commit = line.Line[line.Next];
            lines.Push(line with { Next = line.Next + 1 });
            var parents = _log.Parents[commit];
            _numbers[commit] ??= line.Number;
            if (_log.Commits[commit].Parents.Length < 2)
                continue;
            var number = PullRequestMerge.NumberOf(_log.Commits[commit].Message) ?? line.Number;
            var firstParentIsHere = parents.Length == _log.Commits[commit].Parents.Length;
            for (var i = parents.Length - 1; i >= (firstParentIsHere ? 1 : 0); i--)
                lines.Push((FirstParents(parents[i]), 0, number));
        }
    }

    // Oldest first. Marked at once: a line that joins this one again ends there.
    List<int> FirstParents(int tip)
    {
        List<int> line = [];
        for (var at = tip; at >= 0 && !_seen[at]; at = _log.Parents[at].Length > 0 && _log.Find(_log.Commits[at].Parents[0]) is { } parent ? parent : -1)
        {
            _seen[at] = true;
            line.Add(at);
        }

        line.Reverse();
        return line;
    }
}
