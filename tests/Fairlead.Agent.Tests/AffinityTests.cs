using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Agent.Tests;

public sealed class AffinityTests
{
    static readonly AffinityMessage Cookie = new(AffinityMessage.Cookie, "who", ["shop.3", "shop.2", "shop.1"]);

    static RoutingTable Table(int newest, int baseline, AffinityMessage? affinity = null)
    {
        (RoutedRevision Revision, int Share)[] shares =
        [
            (new RoutedRevision("shop", "shop.1"), 100 - newest - baseline), (new RoutedRevision("shop", "shop.2"), baseline), (new RoutedRevision("shop", "shop.3"), newest),
        ];
        return new RoutingTable([.. shares.Where(x => x.Share > 0)], affinity ?? Cookie);
    }

    [Fact]
    public void Positions_are_even_within_what_chance_allows_also_for_short_values_that_count_up()
    {
        foreach (var format in (string[])["00000", "0", "user-0", "0@example.org"])
        {
            foreach (var (count, parts) in ((int, int)[])[(1_000, 10), (1_000, 100), (100_000, 100)])
            {
                var found = new int[parts];
                for (var i = 0; i < count; i++)
                    found[ClientPosition.Of(format.Replace("0", i.ToString(format.Length == 5 ? "00000" : "0"), StringComparison.Ordinal)) * parts / ClientPosition.Count]++;
                var expected = (double)count / parts;
                // Five standard deviations of a fair draw: one in 1.7 million would be further off.
                found.ShouldAllBe(x => Math.Abs(x - expected) <= 5 * Math.Sqrt(expected));
                // And all together as far from even as chance makes them: chi-squared with parts - 1 degrees of freedom.
                var chi = found.Sum(x => (x - expected) * (x - expected) / expected);
                chi.ShouldBeLessThan(parts - 1 + 5 * Math.Sqrt(2 * (parts - 1)));
            }
        }
    }

    [Fact]
    public void Raising_the_share_of_the_newest_takes_no_client_away_from_it() =>
        Prop.ForAll(
            Gen.Choose(1, 99).Zip(Gen.Choose(1, 99)).Zip(Gen.Choose(0, 50)).Zip(Gen.Choose(0, ClientPosition.Count - 1)).ToArbitrary(),
            x =>
            {
                var (((one, other), baseline), position) = x;
                var (less, more) = (Math.Min(one, other), Math.Max(one, other));
                var before = Table(less, Math.Min(baseline, 100 - less)).AtPosition(position);
                var after = Table(more, Math.Min(baseline, 100 - more)).AtPosition(position);
                return before?.Name != "shop.3" || after is null || after.Name == "shop.3";
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Each_revision_has_exactly_its_share_of_the_positions()
    {
        var table = Table(7, 5);
        var counts = Enumerable.Range(0, ClientPosition.Count).CountBy(x => table.AtPosition(x)!.Name).ToDictionary();
        counts.ShouldBe(new Dictionary<string, int> { ["shop.3"] = 700, ["shop.2"] = 500, ["shop.1"] = 8_800 }, ignoreOrder: true);
        table.AtPosition(0)!.Name.ShouldBe("shop.3");
        table.AtPosition(700)!.Name.ShouldBe("shop.2");
    }

    [Fact]
    public void The_layout_that_is_given_counts_not_the_names()
    {
        var table = Table(10, 10, Cookie with { Layout = ["shop.2", "shop.3"] });
        table.AtPosition(0)!.Name.ShouldBe("shop.2");
        table.AtPosition(1_000)!.Name.ShouldBe("shop.3");
        table.AtPosition(2_000)!.Name.ShouldBe("shop.1");
    }

    [Fact]
    public void With_one_revision_alone_nobody_is_marked() => new RoutingTable([(new RoutedRevision("shop", "shop.1"), 100)], Cookie).Affinity.ShouldBeNull();
}
