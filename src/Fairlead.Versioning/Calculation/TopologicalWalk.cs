namespace Fairlead.Versioning;

/// <summary>
/// The past of a commit, children before parents, each line to its end before the next, the last parent's line first: the order of <c>git log --topo-order</c> in libgit2. Looks
/// no further back than asked.
/// </summary>
static class TopologicalWalk
{
    public static IEnumerable<int> From(Topology topology, int head)
    {
        var graph = topology.Graph;
        var unseenChildren = new Dictionary<int, int>();
        var open = new PriorityQueue<int, int>();
        open.Enqueue(head, -topology.GenerationOf(head));
        var ready = new Stack<int>([head]);
        while (ready.TryPop(out var commit))
        {
            yield return commit;
            for (var i = 0; i < graph.ParentsOf(commit).Length; i++)
            {
                var parent = graph.ParentsOf(commit)[i];
                LookDownTo(topology.GenerationOf(parent));
                if (--unseenChildren[parent] == 0)
                    ready.Push(parent);
            }
        }

        // A child has a higher generation than its parent: after this, all children of commits of a generation are counted.
        void LookDownTo(int generation)
        {
            while (open.TryPeek(out var next, out var priority) && -priority > generation)
            {
                open.Dequeue();
                foreach (var parent in graph.ParentsOf(next))
                {
                    if (!unseenChildren.TryGetValue(parent, out var count))
                        open.Enqueue(parent, -topology.GenerationOf(parent));
                    unseenChildren[parent] = count + 1;
                }
            }
        }
    }
}
