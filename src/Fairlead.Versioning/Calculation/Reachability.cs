namespace Fairlead.Versioning;

/// <summary>For a few commits: which of them are in the past of any other commit. One walk over the graph for each sixty-four of them, made when it is needed.</summary>
sealed class Reachability(Topology topology, IReadOnlyList<int> commits)
{
    const int PerWalk = 64;
    const int KeptWalks = 16;
    readonly Dictionary<int, ulong[]> _walks = [];

    /// <summary>The first of the commits that is not in the past of one (a commit is in its own past); null when all are.</summary>
    /// <param name="from">The one; null for nothing, in whose past nothing is.</param>
    public int? FirstNotBehind(int? from)
    {
        if (commits.Count == 0)
            return null;
        if (from is not { } one)
            return commits[0];
        for (var start = 0; start < commits.Count; start += PerWalk)
        {
            var missing = ~Walk(start)[one];
            var count = Math.Min(PerWalk, commits.Count - start);
            if (count < PerWalk)
                missing &= (1UL << count) - 1;
            if (missing != 0)
                return commits[start + System.Numerics.BitOperations.TrailingZeroCount(missing)];
        }

        return null;
    }

    ulong[] Walk(int start)
    {
        if (_walks.TryGetValue(start, out var reached))
            return reached;
        if (_walks.Count >= KeptWalks)
            _walks.Clear();
        reached = new ulong[topology.Graph.Count];
        for (var i = start; i < Math.Min(start + PerWalk, commits.Count); i++)
            reached[commits[i]] |= 1UL << (i - start);
        foreach (var commit in topology.ParentsFirst)
        {
            foreach (var parent in topology.Graph.ParentsOf(commit))
                reached[commit] |= reached[parent];
        }

        return _walks[start] = reached;
    }
}
