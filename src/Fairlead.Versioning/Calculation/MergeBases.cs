namespace Fairlead.Versioning;

/// <summary>The best common ancestors of two commits.</summary>
static class MergeBases
{
    const byte One = 1, Other = 2, Stale = 4;

    /// <summary>
    /// The common ancestor that is in the past of no other one; of several the newest, as git chooses. Null when the histories have nothing in common. Walks only
    /// as far back as it must.
    /// </summary>
    public static int? Find(Topology topology, int one, int other)
    {
        if (one == other)
            return one;
        var marks = new Dictionary<int, byte>();
        var open = new PriorityQueue<int, int>();
        var live = 0;
        Mark(one, One);
        Mark(other, Other);

        int? best = null;
        while (live > 0 && open.TryDequeue(out var commit, out _))
        {
            var mark = marks[commit];
            if ((mark & Stale) == 0)
                live--;
            if (mark == (One | Other))
            {
                if (best is null || topology.CompareAge(commit, best.Value) > 0)
                    best = commit;
                mark |= Stale;
            }

            foreach (var parent in topology.Graph.ParentsOf(commit))
                Mark(parent, mark);
        }

        return best;

        void Mark(int commit, byte mark)
        {
            var isNew = !marks.TryGetValue(commit, out var old);
            var both = (byte)(old | mark);
            if (both == old && !isNew)
                return;
            marks[commit] = both;
            if (isNew)
                open.Enqueue(commit, -topology.GenerationOf(commit));
            var wasLive = !isNew && (old & Stale) == 0;
            var isLive = (both & Stale) == 0;
            live += (isLive ? 1 : 0) - (wasLive ? 1 : 0);
        }
    }
}
