using System.Collections.Frozen;
using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>All targets of a build and the edges between them. Immutable; building it runs nothing and throws for no user error.</summary>
public sealed class TargetGraph
{
    readonly FrozenDictionary<string, TargetNode> _byName;
    readonly ILookup<string, TargetEdge> _incoming;
    readonly ILookup<string, TargetEdge> _outgoing;

    /// <param name="nodes">The targets in the order of their declaration, each name once.</param>
    /// <param name="edges">Edges between them; both ends must be among the targets.</param>
    public TargetGraph(IEnumerable<TargetNode> nodes, IEnumerable<TargetEdge> edges)
    {
        Nodes = [.. nodes];
        Edges = [.. edges.Distinct()];
        _byName = Nodes.ToFrozenDictionary(x => x.Name, StringComparer.OrdinalIgnoreCase);
        _incoming = Edges.ToLookup(x => x.Later);
        _outgoing = Edges.ToLookup(x => x.Earlier);
    }

    /// <summary>The targets in the order of their declaration.</summary>
    public ImmutableArray<TargetNode> Nodes { get; }

    /// <summary>All edges.</summary>
    public ImmutableArray<TargetEdge> Edges { get; }

    /// <summary>The target of a name, ignoring case, or null.</summary>
    public TargetNode? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Edges that end at a target.</summary>
    public IEnumerable<TargetEdge> Into(string name) => _incoming[name];

    /// <summary>Edges that begin at a target.</summary>
    public IEnumerable<TargetEdge> OutOf(string name) => _outgoing[name];

    /// <summary>What a target depends on, directly.</summary>
    public IEnumerable<string> DependenciesOf(string name) => Into(name).Where(x => x.Kind == EdgeKind.Dependency).Select(x => x.Earlier);

    /// <summary>
    /// One problem for each cycle that a depth-first walk meets, shown as its path. A graph has no problem exactly when it has no cycle.
    /// </summary>
    public ImmutableArray<Problem> Check()
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var finished = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in Nodes)
        {
            // An explicit stack: a chain of thousands of targets must not end in a stack overflow.
            var path = new List<(string Name, IEnumerator<TargetEdge> Next)>();
            var onPath = new Dictionary<string, int>(StringComparer.Ordinal);
            if (finished.Contains(start.Name))
                continue;
            Enter(start.Name);
            while (path.Count > 0)
            {
                var (name, next) = path[^1];
                if (!next.MoveNext())
                {
                    path.RemoveAt(path.Count - 1);
                    onPath.Remove(name);
                    finished.Add(name);
                    continue;
                }

                var earlier = next.Current.Earlier;
                if (onPath.TryGetValue(earlier, out var index))
                    problems.Add(DescribeCycle([.. path.Skip(index).Select(x => x.Next.Current)]));
                else if (!finished.Contains(earlier))
                    Enter(earlier);
            }

            void Enter(string name)
            {
                onPath[name] = path.Count;
                path.Add((name, Into(name).GetEnumerator()));
            }
        }

        return problems.ToImmutable();
    }

    static Problem DescribeCycle(IReadOnlyList<TargetEdge> edges)
    {
        var path = string.Join(", ", edges.Select(x => x.Kind switch
        {
            EdgeKind.Dependency => $"{x.Later} depends on {x.Earlier}",
            EdgeKind.Order => $"{x.Later} runs after {x.Earlier}",
            _ => $"{x.Later} is triggered by {x.Earlier}",
        }));
        return new Problem($"The targets form a cycle: {path}.", "Remove one of these relations.");
    }
}
