namespace Fairlead.Versioning;

/// <summary>A set of commits, by position: one bit each.</summary>
sealed class CommitSet(int capacity)
{
    readonly ulong[] _bits = new ulong[(capacity + 63) / 64];

    public int Count { get; private set; }

    public bool Contains(int commit) => (_bits[commit >> 6] & (1UL << commit)) != 0;

    /// <summary>Whether the commit was not in the set before.</summary>
    public bool Add(int commit)
    {
        ref var word = ref _bits[commit >> 6];
        var bit = 1UL << commit;
        if ((word & bit) != 0)
            return false;
        word |= bit;
        Count++;
        return true;
    }

    /// <summary>Adds commits and everything in their past. What is in the set already must have its past in it as well.</summary>
    public CommitSet AddPast(CommitGraph graph, params ReadOnlySpan<int> commits)
    {
        var open = new Stack<int>();
        foreach (var commit in commits)
        {
            if (Add(commit))
                open.Push(commit);
        }

        while (open.TryPop(out var commit))
        {
            foreach (var parent in graph.ParentsOf(commit))
            {
                if (Add(parent))
                    open.Push(parent);
            }
        }

        return this;
    }
}
