namespace Fairlead.Versioning;

/// <summary>
/// Where other commits parted from a branch: the merge base, except that a merge of the branch into the other line does not count as its beginning (GitVersion
/// looks for the commit before such a forward merge). One walk over the graph answers for all other commits.
/// </summary>
sealed class BranchPoints
{
    const int Nothing = -1;
    readonly CommitSet _past;
    readonly int[] _base;
    readonly int[] _answers;

    /// <param name="topology">The graph.</param>
    /// <param name="past">The tip of the branch and everything before it.</param>
    public BranchPoints(Topology topology, CommitSet past)
    {
        var graph = topology.Graph;
        _past = past;
        _base = new int[graph.Count];
        _answers = new int[graph.Count];
        // The newest child of the merge base on the way to each commit: the one through which the branch, or a merge of it, came in.
        var entrance = new int[graph.Count];
        foreach (var commit in topology.ParentsFirst)
        {
            if (past.Contains(commit))
            {
                _base[commit] = commit;
                _answers[commit] = commit;
                continue;
            }

            var (best, through) = (Nothing, Nothing);
            foreach (var parent in graph.ParentsOf(commit))
            {
                var candidate = _base[parent];
                if (candidate == Nothing)
                    continue;
                var way = past.Contains(parent) ? commit : entrance[parent];
                var order = best == Nothing ? 1 : candidate == best ? 0 : topology.CompareAge(candidate, best);
                if (order > 0)
                    (best, through) = (candidate, way);
                else if (order == 0 && topology.CompareAge(way, through) > 0)
                    through = way;
            }

            (_base[commit], entrance[commit]) = (best, through);
            _answers[commit] = best;
            if (best != Nothing)
            {
                var before = graph.ParentsOf(through)[0];
                if (_base[before] != best)
                    _answers[commit] = _answers[before];
            }
        }
    }

    /// <summary>Where the line that leads to another commit parted from the branch; null when they have nothing in common.</summary>
    public int? Of(int other) => _answers[other] is >= 0 and var commit ? commit : null;

    /// <summary>The best common ancestor of the branch and another commit.</summary>
    public int? MergeBaseWith(int other) => _base[other] is >= 0 and var commit ? commit : null;
}
