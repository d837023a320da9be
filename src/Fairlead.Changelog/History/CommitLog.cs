namespace Fairlead.Changelog;

/// <summary>The commits of one <c>git log</c>, in git's order, with their parents by position.</summary>
sealed class CommitLog
{
    readonly Dictionary<string, int> _positions;

    public CommitLog(IReadOnlyList<HistoryCommit> commits)
    {
        Commits = commits;
        _positions = new Dictionary<string, int>(commits.Count, StringComparer.Ordinal);
        for (var i = 0; i < commits.Count; i++)
            _positions[commits[i].Id] = i;
        Parents = new int[commits.Count][];
        for (var i = 0; i < commits.Count; i++)
            Parents[i] = ParentsOf(commits[i]);
        ParentsFirst = Sort();
    }

    public IReadOnlyList<HistoryCommit> Commits { get; }

    /// <summary>For each commit those of its parents that are in this log.</summary>
    public int[][] Parents { get; }

    /// <summary>All positions, each after those of its parents.</summary>
    public int[] ParentsFirst { get; }

    public int? Find(string id) => _positions.TryGetValue(id, out var position) ? position : null;

    int[] ParentsOf(HistoryCommit commit) => commit.Parents switch
    {
        [] => [],
        [var only] => Find(only) is { } position ? [position] : [],
        var several => [.. several.Select(Find).OfType<int>()],
    };

    int[] Sort()
    {
        var children = new int[Commits.Count];
        foreach (var parents in Parents)
        {
            foreach (var parent in parents)
                children[parent]++;
        }

        var order = new int[Commits.Count];
        var next = order.Length;
        var open = new Stack<int>();
        for (var i = 0; i < children.Length; i++)
        {
            if (children[i] == 0)
                open.Push(i);
        }

        while (open.TryPop(out var commit))
        {
            order[--next] = commit;
            foreach (var parent in Parents[commit])
            {
                if (--children[parent] == 0)
                    open.Push(parent);
            }
        }

        return order;
    }
}
