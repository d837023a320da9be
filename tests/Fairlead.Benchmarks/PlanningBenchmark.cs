using BenchmarkDotNet.Attributes;
using Fairlead.Engine;

namespace Fairlead.Benchmarks;

/// <summary>Planning 1,000 targets with 4,000 edges. Budget: 50 ms.</summary>
[InProcess]
[ShortRunJob]
public class PlanningBenchmark
{
    TargetGraph _graph = null!;
    PlanRequest _request = null!;

    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(1);
        var names = Enumerable.Range(0, 1000).Select(x => $"Target{x}").ToList();
        var edges = Enumerable.Range(1, 999).SelectMany(later => Enumerable.Range(0, 4).Select(i => new TargetEdge(
            names[random.Next(later)], names[later], i == 0 ? EdgeKind.Order : EdgeKind.Dependency)));
        _graph = new TargetGraph(names.Select(x => new TargetNode(x)), edges);
        _request = new PlanRequest([.. names]);
    }

    [Benchmark]
    public ExecutionPlan Plan() => Planner.Plan(_graph, _request);

    [Benchmark]
    public int Check() => _graph.Check().Length;
}
