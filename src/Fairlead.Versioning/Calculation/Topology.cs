namespace Fairlead.Versioning;

/// <summary>
/// Orders of the commits of a graph, worked out once, in time linear in commits and parents: parents before children, generations, and times that
/// never run backwards.
/// </summary>
sealed class Topology
{
    readonly int[] _parentsFirst;
    readonly int[] _firstChild;
    readonly int[] _children;
    readonly int[] _generations;
    readonly int[] _places;
    readonly long[] _times;

    /// <exception cref="InvalidOperationException">A commit is in its own past.</exception>
    public Topology(CommitGraph graph)
    {
        Graph = graph;
        (_firstChild, _children) = FindChildren(graph);
        _parentsFirst = Sort();
        _generations = new int[graph.Count];
        _places = new int[graph.Count];
        _times = new long[graph.Count];
        for (var place = 0; place < _parentsFirst.Length; place++)
        {
            var commit = _parentsFirst[place];
            var (generation, time) = (0, graph.TimeOf(commit));
            foreach (var parent in graph.ParentsOf(commit))
            {
                generation = Math.Max(generation, _generations[parent] + 1);
                time = Math.Max(time, _times[parent]);
            }

            (_generations[commit], _times[commit], _places[commit]) = (generation, time, place);
        }
    }

    public CommitGraph Graph { get; }

    /// <summary>All commits, each after its parents.</summary>
    public ReadOnlySpan<int> ParentsFirst => _parentsFirst;

    /// <summary>The commits that have this one as a parent.</summary>
    public ReadOnlySpan<int> ChildrenOf(int commit) => _children.AsSpan(_firstChild[commit].._firstChild[commit + 1]);

    /// <summary>The length of the longest way to a first commit: larger than that of every commit in the past.</summary>
    public int GenerationOf(int commit) => _generations[commit];

    /// <summary>
    /// Compares by committer time, or that of a later commit in the past, which a clock that ran backwards leaves behind; among equal times the child is later.
    /// </summary>
    public int CompareAge(int one, int another)
    {
        var order = _times[one].CompareTo(_times[another]);
        return order != 0 ? order : _places[one].CompareTo(_places[another]);
    }

    /// <summary>The commits of a set, newest first as GitVersion lists those of a branch: by committer time alone, children before parents when it is equal.</summary>
    public int[] NewestFirst(CommitSet commits)
    {
        var result = new int[commits.Count];
        var keys = new (long, int)[commits.Count];
        var count = 0;
        var sorted = true;
        for (var place = _parentsFirst.Length - 1; place >= 0; place--)
        {
            var commit = _parentsFirst[place];
            if (!commits.Contains(commit))
                continue;
            keys[count] = (-Graph.TimeOf(commit), count);
            sorted &= count == 0 || keys[count - 1].Item1 <= keys[count].Item1;
            result[count++] = commit;
        }

        if (!sorted)
            Array.Sort(keys, result);
        return result;
    }

    static (int[] First, int[] Children) FindChildren(CommitGraph graph)
    {
        var count = graph.Count;
        var first = new int[count + 1];
        for (var commit = 0; commit < count; commit++)
        {
            foreach (var parent in graph.ParentsOf(commit))
                first[parent + 1]++;
        }

        for (var commit = 0; commit < count; commit++)
            first[commit + 1] += first[commit];
        var children = new int[first[count]];
        var next = first.AsSpan(0, count).ToArray();
        for (var commit = 0; commit < count; commit++)
        {
            foreach (var parent in graph.ParentsOf(commit))
                children[next[parent]++] = commit;
        }

        return (first, children);
    }

    int[] Sort()
    {
        var order = new int[Graph.Count];
        var waiting = new int[Graph.Count];
        var end = 0;
        for (var commit = 0; commit < order.Length; commit++)
        {
            waiting[commit] = Graph.ParentsOf(commit).Length;
            if (waiting[commit] == 0)
                order[end++] = commit;
        }

        for (var place = 0; place < end; place++)
        {
            foreach (var child in ChildrenOf(order[place]))
            {
                if (--waiting[child] == 0)
                    order[end++] = child;
            }
        }

        return end == order.Length ? order : throw new InvalidOperationException("A commit of the graph is in its own past.");
    }
}
