using System.Collections.Immutable;

namespace Fairlead.Deployment.Tests;

public sealed class SchemaComparisonTests
{
    static SchemaSnapshot Schema(bool generated = false, params string[] rules) => new()
    {
        Relations = [new SchemaSnapshot.Relation("public.orders", "table", false, [new SchemaSnapshot.Column("id", "bigint", true, true, generated), new SchemaSnapshot.Column("note", "text", false, false)])],
        Domains = [new SchemaSnapshot.Domain("public.amount", [.. rules])],
    };

    [Fact]
    public void A_new_rule_of_a_domain_takes_something_away_and_one_less_does_not()
    {
        SchemaComparison.Contractions(Schema(), Schema(false, "NOT NULL", "CHECK (VALUE > 0)"))
            .ShouldBe(["Values of the domain public.amount must keep a new rule: NOT NULL.", "Values of the domain public.amount must keep a new rule: CHECK (VALUE > 0)."]);
        SchemaComparison.Contractions(Schema(false, "NOT NULL"), Schema()).ShouldBeEmpty();
    }

    [Fact]
    public void A_column_that_gets_its_values_from_PostgreSQL_alone_takes_something_away()
    {
        SchemaComparison.Contractions(Schema(), Schema(true)).ShouldHaveSingleItem().ShouldContain("public.orders.id is always generated now");
        SchemaComparison.Contractions(Schema(true), Schema()).ShouldBeEmpty();
    }

    [Fact]
    public void Rows_that_are_gone_are_told_of()
    {
        var before = ImmutableSortedDictionary<string, long>.Empty.Add("public.orders", 10).Add("public.gone", 3).Add("public.more", 1);
        var after = ImmutableSortedDictionary<string, long>.Empty.Add("public.orders", 0).Add("public.more", 2).Add("public.new", 0);
        SchemaComparison.LostRows(before, after).ShouldBe(["Rows of public.orders are gone: it had 10, and has 0."]);
    }

    [Fact]
    public void Schemas_are_the_same_in_any_order_and_other_ones_are_not()
    {
        var one = Schema(false, "a", "b");
        SchemaComparison.AreSame(one, Schema(false, "b", "a") with { Relations = [one.Relations[0] with { Columns = [.. one.Relations[0].Columns.Reverse()] }] }).ShouldBeTrue();
        SchemaComparison.AreSame(one, Schema(true, "a", "b")).ShouldBeFalse();
        SchemaComparison.AreSame(one, one with { Things = [new SchemaSnapshot.Thing("sequence", "public.s", "")] }).ShouldBeFalse();
    }
}
