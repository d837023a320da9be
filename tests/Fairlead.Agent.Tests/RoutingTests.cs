using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Agent.Tests;

public sealed class RoutingTests
{
    static RoutedRevision Revision(string name, params Upstream[] targets)
    {
        var revision = new RoutedRevision("shop", name);
        revision.SetTargets(targets.Length > 0 ? targets : [new Upstream(1)]);
        return revision;
    }

    [Fact]
    public void Every_cycle_of_a_hundred_requests_has_exactly_the_shares()
    {
        var shares = Gen.Choose(1, 99).ListOf(3).Select(cuts =>
        {
            int[] edges = [0, .. cuts.Order(), 100];
            return edges.Zip(edges.Skip(1), (a, b) => b - a).ToArray();
        });
        Prop.ForAll(shares.ToArbitrary(), values =>
        {
            var revisions = values.Select((x, i) => (Revision($"shop.{i}"), x)).ToArray();
            var router = new Router();
            router.Switch(new RoutingTable(revisions));
            for (var warm = 0; warm < 37; warm++)
                router.Acquire([])!.Dispose();
            var counts = new int[values.Length];
            for (var i = 0; i < 100; i++)
            {
                using var lease = router.Acquire([])!;
                counts[int.Parse(lease.Revision.Name[5..])]++;
            }

            return counts.SequenceEqual(values);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Shares_are_spread_evenly()
    {
        var (a, b) = (Revision("a"), Revision("b"));
        var table = new RoutingTable([(a, 75), (b, 25)]);
        string.Concat(Enumerable.Range(0, 8).Select(x => table.At((uint)x)!.Name)).ShouldBe("aabaaaba");
    }

    [Fact]
    public void Without_shares_there_is_nowhere_to_go() => new Router().Acquire([]).ShouldBeNull();

    [Fact]
    public void A_request_that_finds_its_revision_closed_chooses_again_by_the_new_table()
    {
        var (old, next) = (Revision("old"), Revision("new"));
        var router = new Router();
        router.Switch(new RoutingTable([(old, 100)]));
        var early = router.Acquire([])!;
        router.Switch(new RoutingTable([(next, 100)]));
        old.Gate.Close();

        using var late = router.Acquire([])!;

        late.Revision.ShouldBe(next);
        old.Gate.Drained.IsCompleted.ShouldBeFalse();
        early.Dispose();
        early.Dispose();
        old.Gate.Drained.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void A_closed_revision_in_an_unchanged_table_is_no_endless_loop()
    {
        var only = Revision("only");
        var router = new Router();
        router.Switch(new RoutingTable([(only, 100)]));
        only.Gate.Close();
        router.Acquire([]).ShouldBeNull();
    }

    [Fact]
    public void What_was_tried_is_not_chosen_again_and_another_revision_stands_in()
    {
        var (one, two, three) = (new Upstream(1), new Upstream(2), new Upstream(3));
        var (a, b) = (Revision("a", one, two), Revision("b", three));
        var router = new Router();
        router.Switch(new RoutingTable([(a, 99), (b, 1)]));

        router.Acquire([one])!.Target.ShouldBe(two);
        router.Acquire([one, two])!.Target.ShouldBe(three);
        router.Acquire([one, two, three]).ShouldBeNull();
        a.Gate.Count.ShouldBe(1);
        b.Gate.Count.ShouldBe(1);
    }

    [Fact]
    public void Replicas_take_turns()
    {
        var revision = Revision("a", new Upstream(1), new Upstream(2), new Upstream(3));
        var ports = Enumerable.Range(0, 6).Select(_ => revision.Next([])!.Port).ToArray();
        ports.Take(3).Order().ShouldBe([1, 2, 3]);
        ports.Skip(3).ShouldBe(ports.Take(3));
    }
}
