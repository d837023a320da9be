using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>
/// Makes the plan. Pure: the same graph and request give the same plan, nothing is run and nothing is thrown for a user error.
/// </summary>
/// <remarks>
/// In the plan are the invoked targets, everything they depend on, and what those trigger, until nothing is added. The order is that of
/// a depth-first walk from the invoked targets along their dependencies, in the order of declaration, moved only where another edge
/// demands it; so a plan reads as its author would tell it. Time grows with the number of targets and edges in the plan.
/// </remarks>
public static class Planner
{
    /// <summary>Makes a plan.</summary>
    public static ExecutionPlan Plan(TargetGraph graph, PlanRequest request)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var known = graph.Nodes.Where(x => x.Listed).Select(x => x.Name).ToList();
        var invoked = Resolve(request.Invoked, "target");
        var skip = Resolve(request.Skip, "target to skip");
        problems.AddRange(graph.Check());
        if (problems.Count > 0)
            return new ExecutionPlan([], problems.ToImmutable());

        var order = Scheduled(graph, invoked);
        var reasons = SkipReasons(graph, request, invoked, skip, order);
        var members = order.ToHashSet(StringComparer.Ordinal);
        var targets = Sort(graph, order, members).Select(name => new PlannedTarget(
            graph.Find(name)!,
            reasons.GetValueOrDefault(name),
            [.. graph.Into(name).Where(x => members.Contains(x.Earlier))],
            invoked.Contains(name, StringComparer.Ordinal)));
        return new ExecutionPlan([.. targets], []);

        List<string> Resolve(ImmutableArray<string> names, string what)
        {
            List<string> resolved = [];
            foreach (var name in names)
            {
                if (graph.Find(name) is { } node)
                    resolved.Add(node.Name);
                else
                    problems.Add(new Problem($"There is no {what} '{name}'.", Suggestion.Sentence(name, known) ?? "'--list' shows all targets."));
            }

            return [.. resolved.Distinct(StringComparer.Ordinal)];
        }
    }

    /// <summary>The members of the plan in the order of a depth-first walk.</summary>
    static List<string> Scheduled(TargetGraph graph, IReadOnlyList<string> invoked)
    {
        List<string> order = [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var roots = new Queue<string>(invoked);
        while (roots.TryDequeue(out var root))
        {
            var from = order.Count;
            Walk(root);
            foreach (var added in order.Skip(from).ToList())
            {
                foreach (var trigger in graph.OutOf(added).Where(x => x.Kind == EdgeKind.Trigger))
                    roots.Enqueue(trigger.Later);
            }
        }

        return order;

        void Walk(string root)
        {
            if (!seen.Add(root))
                return;
            var stack = new Stack<(string Name, IEnumerator<string> Dependencies)>();
            stack.Push((root, graph.DependenciesOf(root).GetEnumerator()));
            while (stack.TryPeek(out var top))
            {
                if (!top.Dependencies.MoveNext())
                    order.Add(stack.Pop().Name);
                else if (seen.Add(top.Dependencies.Current))
                    stack.Push((top.Dependencies.Current, graph.DependenciesOf(top.Dependencies.Current).GetEnumerator()));
            }
        }
    }

    static Dictionary<string, string> SkipReasons(
        TargetGraph graph, PlanRequest request, List<string> invoked, List<string> skip, List<string> order)
    {
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in order)
        {
            if (request.ConditionallySkipped.TryGetValue(name, out var condition))
                reasons[name] = condition;
            else if (skip.Contains(name, StringComparer.Ordinal) || (request.SkipAll && !invoked.Contains(name, StringComparer.Ordinal)))
                reasons[name] = "--skip";
        }

        // What is still needed when a skipped target does not want its dependencies.
        var needed = new HashSet<string>(StringComparer.Ordinal);
        var queue = new Queue<string>(invoked);
        while (queue.TryDequeue(out var name))
        {
            if (!needed.Add(name))
                continue;
            var skipped = reasons.ContainsKey(name);
            if (!skipped || graph.Find(name)!.WhenSkipped == DependencyBehavior.Execute)
            {
                foreach (var dependency in graph.DependenciesOf(name))
                    queue.Enqueue(dependency);
            }

            // What is skipped triggers nothing.
            foreach (var trigger in graph.OutOf(name).Where(x => x.Kind == EdgeKind.Trigger && !skipped))
                queue.Enqueue(trigger.Later);
        }

        foreach (var name in order.Where(x => !needed.Contains(x)))
            reasons.TryAdd(name, "only needed by what is skipped");
        return reasons;
    }

    /// <summary>Topological order; among those that could be next, the one that the walk met first.</summary>
    static IEnumerable<string> Sort(TargetGraph graph, List<string> order, HashSet<string> members)
    {
        var rank = order.Select((name, i) => (name, i)).ToDictionary(x => x.name, x => x.i, StringComparer.Ordinal);
        var waiting = order.ToDictionary(x => x, x => graph.Into(x).Count(e => members.Contains(e.Earlier)), StringComparer.Ordinal);
        var ready = new PriorityQueue<string, int>(order.Where(x => waiting[x] == 0).Select(x => (x, rank[x])));
        while (ready.TryDequeue(out var name, out _))
        {
            yield return name;
            foreach (var edge in graph.OutOf(name).Where(x => members.Contains(x.Later)))
            {
                if (--waiting[edge.Later] == 0)
                    ready.Enqueue(edge.Later, rank[edge.Later]);
            }
        }
    }
}
