using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Engine.Tests;

public sealed class PlannerTests
{
    static TargetGraph Graph(string names, params string[] edges) => new(
        names.Split(' ').Select(x => new TargetNode(x.TrimEnd('?')) { WhenSkipped = x.EndsWith('?') ? DependencyBehavior.Skip : DependencyBehavior.Execute }),
        edges.Select(x => x.Split(' ') switch
        {
            [var later, "needs", var earlier] => new TargetEdge(earlier, later, EdgeKind.Dependency),
            [var later, "after", var earlier] => new TargetEdge(earlier, later, EdgeKind.Order),
            [var earlier, "triggers", var later] => new TargetEdge(earlier, later, EdgeKind.Trigger),
            _ => throw new ArgumentException(x),
        }));

    static string Show(ExecutionPlan plan) => string.Join(' ', plan.Targets.Select(x => x.SkipReason is null ? x.Name : $"({x.Name})"));

    static string Plan(TargetGraph graph, params string[] invoked) => Show(Planner.Plan(graph, new PlanRequest([.. invoked])));

    [Fact]
    public void Dependencies_come_first_in_the_order_of_declaration() =>
        Plan(Graph("A B C D", "D needs B", "D needs C", "B needs A", "C needs A"), "D").ShouldBe("A B C D");

    [Fact]
    public void Only_what_is_needed_is_in_the_plan() =>
        Plan(Graph("A B C", "B needs A", "C needs B"), "B").ShouldBe("A B");

    [Fact]
    public void Names_are_found_without_regard_to_case() => Plan(Graph("Compile"), "compile").ShouldBe("Compile");

    [Fact]
    public void Order_matters_only_between_members_of_the_plan()
    {
        var graph = Graph("A B C", "A after B", "A after C");
        Plan(graph, "A").ShouldBe("A");
        Plan(graph, "A", "B").ShouldBe("B A");
    }

    [Fact]
    public void Triggers_bring_targets_and_their_dependencies_in()
    {
        var graph = Graph("A B C D", "A triggers B", "B needs C", "B triggers D");
        Plan(graph, "A").ShouldBe("A C B D");
        Plan(graph, "C").ShouldBe("C");
    }

    [Fact]
    public void A_skipped_target_keeps_its_dependencies_unless_it_says_otherwise()
    {
        string Skipping(TargetGraph graph) => Show(Planner.Plan(graph, new PlanRequest(["C"]) { Skip = ["B"] }));
        Skipping(Graph("A B C", "C needs B", "B needs A")).ShouldBe("A (B) C");
        Skipping(Graph("A B? C", "C needs B", "B needs A")).ShouldBe("(A) (B) C");
    }

    [Fact]
    public void What_something_else_needs_is_not_skipped_with_a_skipped_target() =>
        Show(Planner.Plan(Graph("A B? C", "C needs B", "C needs A", "B needs A"), new PlanRequest(["C"]) { Skip = ["B"] })).ShouldBe("A (B) C");

    [Fact]
    public void Skip_without_names_leaves_only_the_invoked() =>
        Show(Planner.Plan(Graph("A B C", "C needs B", "B needs A"), new PlanRequest(["C"]) { SkipAll = true })).ShouldBe("(A) (B) C");

    [Fact]
    public void What_is_skipped_triggers_nothing() =>
        Show(Planner.Plan(Graph("A B C", "B needs A", "A triggers C"), new PlanRequest(["B"]) { Skip = ["A"] })).ShouldBe("(A) B (C)");

    [Fact]
    public void A_condition_is_the_reason_that_is_shown() =>
        Planner.Plan(Graph("A"), new PlanRequest(["A"]) { ConditionallySkipped = ImmutableDictionary<string, string>.Empty.Add("A", "IsServerBuild") })
            .Targets[0].SkipReason.ShouldBe("IsServerBuild");

    [Fact]
    public void A_cycle_is_shown_as_its_path() =>
        Planner.Plan(Graph("A B C", "A needs B", "B after C", "A triggers C"), new PlanRequest(["A"])).Problems.ShouldHaveSingleItem()
            .Message.ShouldBe("The targets form a cycle: A depends on B, B runs after C, C is triggered by A.");

    [Fact]
    public void A_target_that_needs_itself_is_a_cycle() =>
        Planner.Plan(Graph("A", "A needs A"), new PlanRequest(["A"])).Problems.ShouldHaveSingleItem().Message.ShouldContain("A depends on A");

    [Fact]
    public void All_mistakes_come_at_once_with_suggestions()
    {
        var plan = Planner.Plan(Graph("Compile Test"), new PlanRequest(["Complie", "Xyz"]) { Skip = ["Tset"] });
        plan.Targets.ShouldBeEmpty();
        plan.Problems.Select(x => x.ToString().ReplaceLineEndings("\n")).ShouldBe(
        [
            "There is no target 'Complie'.\n  → Did you mean 'Compile'?",
            "There is no target 'Xyz'.\n  → '--list' shows all targets.",
            "There is no target to skip 'Tset'.\n  → Did you mean 'Test'?",
        ]);
    }

    [Fact]
    public void Pairs_without_an_order_are_listed() =>
        Planner.Plan(Graph("A B C D", "B needs A", "C needs A", "D needs B", "D needs C"), new PlanRequest(["D"])).UnorderedPairs().ShouldBe([("B", "C")]);

    [Fact]
    public void A_chain_of_ten_thousand_targets_is_planned_without_deep_recursion()
    {
        var names = Enumerable.Range(0, 10_000).Select(x => $"T{x}").ToList();
        var graph = new TargetGraph(names.Select(x => new TargetNode(x)), names.Skip(1).Zip(names, (later, earlier) => new TargetEdge(earlier, later, EdgeKind.Dependency)));
        Planner.Plan(graph, new PlanRequest([names[^1]])).Targets.Length.ShouldBe(10_000);
    }

    [Fact]
    public void Every_plan_of_every_graph_respects_every_edge_and_is_deterministic() => Prop.ForAll(Graphs.ToArbitrary(), graph =>
    {
        var request = new PlanRequest([graph.Nodes[^1].Name, graph.Nodes[0].Name]);
        var plan = Planner.Plan(graph, request);
        if (!graph.Check().IsEmpty)
            return plan.Problems.Length > 0 && plan.Targets.IsEmpty;
        var at = plan.Targets.Select((x, i) => (x.Name, i)).ToDictionary(x => x.Name, x => x.i);
        return graph.Edges.Where(x => at.ContainsKey(x.Earlier) && at.ContainsKey(x.Later)).All(x => at[x.Earlier] < at[x.Later])
            && plan.Targets.All(x => graph.DependenciesOf(x.Name).All(at.ContainsKey))
            && Show(plan) == Show(Planner.Plan(new TargetGraph(graph.Nodes, graph.Edges), request));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_graph_has_a_problem_exactly_when_it_has_a_cycle() => Prop.ForAll(Graphs.ToArbitrary(), graph =>
    {
        // Kahn's algorithm decides independently of the walk under test.
        var remaining = graph.Nodes.Select(x => x.Name).ToHashSet();
        while (remaining.FirstOrDefault(x => !graph.Into(x).Any(e => remaining.Contains(e.Earlier))) is { } free)
            remaining.Remove(free);
        return graph.Check().IsEmpty == (remaining.Count == 0);
    }).QuickCheckThrowOnFailure();

    static Gen<TargetGraph> Graphs =>
        from size in Gen.Choose(1, 12)
        from acyclic in Gen.Elements(true, true, false)
        from count in Gen.Choose(0, size * 2)
        from ends in Gen.ArrayOf(Gen.Choose(0, (size * size * 3) - 1), count)
        let names = Enumerable.Range(0, size).Select(x => $"T{x}").ToArray()
        select new TargetGraph(
            names.Select(x => new TargetNode(x)),
            ends.Select(x => (From: x % size, To: x / size % size, Kind: (EdgeKind)(x / size / size)))
                .Where(x => !acyclic || x.From < x.To)
                .Select(x => new TargetEdge(names[x.From], names[x.To], x.Kind)));
}
