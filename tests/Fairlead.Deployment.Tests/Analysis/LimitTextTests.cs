using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Deployment.Tests;

public sealed class LimitTextTests
{
    [Theory]
    [InlineData("<1%", LimitUnit.Share, LimitOperator.Less, 0.01)]
    [InlineData(">5%", LimitUnit.Share, LimitOperator.Greater, 0.05)]
    [InlineData("<=0.5%", LimitUnit.Share, LimitOperator.LessOrEqual, 0.005)]
    [InlineData("< 0.05", LimitUnit.Share, LimitOperator.Less, 0.05)]
    [InlineData("≥7%", LimitUnit.Share, LimitOperator.GreaterOrEqual, 0.07)]
    [InlineData("<500ms", LimitUnit.Time, LimitOperator.Less, 0.5)]
    [InlineData("<300 ms", LimitUnit.Time, LimitOperator.Less, 0.3)]
    [InlineData(">2s", LimitUnit.Time, LimitOperator.Greater, 2)]
    [InlineData(" <= 1.5m ", LimitUnit.Time, LimitOperator.LessOrEqual, 90)]
    [InlineData("<250us", LimitUnit.Time, LimitOperator.Less, 0.00025)]
    [InlineData("<3", LimitUnit.Count, LimitOperator.Less, 3)]
    [InlineData("< 0.95", LimitUnit.Number, LimitOperator.Less, 0.95)]
    [InlineData(">=-1.5e3", LimitUnit.Number, LimitOperator.GreaterOrEqual, -1500)]
    public void A_limit_is_read_in_its_unit(string text, LimitUnit unit, LimitOperator comparison, double value)
    {
        LimitText.Parse(text, unit, out var mistake).ShouldBe(new Limit(comparison, value));
        mistake.ShouldBeNull();
    }

    [Theory]
    [InlineData("3", LimitUnit.Count, 3)]
    [InlineData("0.05", LimitUnit.Share, 0.05)]
    [InlineData("5%", LimitUnit.Share, 0.05)]
    [InlineData("2000", LimitUnit.Time, 2)]
    [InlineData("2s", LimitUnit.Time, 2)]
    public void A_number_alone_compares_as_its_key_says(string text, LimitUnit unit, double value) =>
        LimitText.Parse(text, unit, out _, LimitOperator.GreaterOrEqual).ShouldBe(new Limit(LimitOperator.GreaterOrEqual, value));

    [Theory]
    [InlineData("1%", LimitUnit.Share, "'1%' does not say how the value compares: write '<1%' or '>1%'.")]
    [InlineData("<1", LimitUnit.Share, "'<1' means all requests, since without a percent sign a share goes from 0 to 1: write '1%' for one percent, or '100%'.")]
    [InlineData(">5", LimitUnit.Share, "'>5' is more than all requests, since without a percent sign a share goes from 0 to 1: write '5%' for 5 percent.")]
    [InlineData("<150%", LimitUnit.Share, "'<150%' is no share: it goes from 0% to 100%.")]
    [InlineData("<500ms", LimitUnit.Share, "'<500ms' is a time, and this is a share of the requests: write it like '<1%'.")]
    [InlineData("<0,5%", LimitUnit.Share, "'<0,5%' has a comma: write decimals with a point, like '<1%'.")]
    [InlineData("=5%", LimitUnit.Share, "'=5%' is not a limit: write it like '<1%'.")]
    [InlineData("<500", LimitUnit.Time, "'<500' has no unit: write '<500ms' or '<500s'.")]
    [InlineData("<5%", LimitUnit.Time, "'<5%' is a share, and this is a time: write it like '<500ms' or '<2s'. A comparison with the baseline has a key of its own.")]
    [InlineData("<-5s", LimitUnit.Time, "'<-5s' is no time that a request can take: write it like '<500ms' or '<2s'.")]
    [InlineData("<2.5", LimitUnit.Count, "'<2.5' is no number of failures in a row: write a whole number from 1, like '<3'.")]
    [InlineData("<5%", LimitUnit.Number, "'<5%' has a unit, and the value of a query or command is a plain number: write it like '<0.95', in the unit that the query gives.")]
    [InlineData("", LimitUnit.Number, "'' is not a limit: write it like '<0.95'.")]
    [InlineData("fast", LimitUnit.Time, "'fast' is not a limit: write it like '<500ms' or '<2s'.")]
    public void A_mistake_says_what_to_write_instead(string text, LimitUnit unit, string expected)
    {
        LimitText.Parse(text, unit, out var mistake).ShouldBeNull();
        mistake.ShouldBe(expected);
    }

    [Theory]
    [InlineData(">20%", 0.2)]
    [InlineData("20%", 0.2)]
    [InlineData("<= 7.5 %", 0.075)]
    [InlineData("0.2", 0.2)]
    public void A_degradation_is_a_share_of_the_baseline(string text, double expected)
    {
        LimitText.ParseDegradation(text, out var mistake).ShouldBe(expected);
        mistake.ShouldBeNull();
    }

    [Theory]
    [InlineData("20", "'20' is more than 1000 % worse than the baseline, which limits nothing: write a share of the baseline, like '20%'.")]
    [InlineData("0%", "'0%' allows nothing, not even chance: write how much worse than the baseline a release may be, like '20%'.")]
    [InlineData("20ms", "'20ms' is not a share of the baseline: write it like '20%'.")]
    public void A_wrong_degradation_says_what_to_write_instead(string text, string expected)
    {
        LimitText.ParseDegradation(text, out var mistake).ShouldBeNull();
        mistake.ShouldBe(expected);
    }

    [Fact]
    public void What_is_written_reads_back_as_the_same_limit()
    {
        var limits =
            from unit in Gen.Elements(Enum.GetValues<LimitUnit>())
            from comparison in Gen.Elements(Enum.GetValues<LimitOperator>())
            from digits in Gen.Choose(1, 999_999)
            from scale in Gen.Choose(0, 6)
            select (unit, new Limit(comparison, unit == LimitUnit.Count ? digits
                : unit == LimitUnit.Share ? (double)(digits / 1_000_000m)
                : (double)(digits / (decimal)Math.Pow(10, scale))));
        Prop.ForAll(limits.ToArbitrary(), x => LimitText.Parse(LimitText.Format(x.Item2, x.unit), x.unit, out _) == x.Item2).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_text_breaks_the_reader() => Prop.ForAll<string>(text =>
        Enum.GetValues<LimitUnit>().All(unit => LimitText.Parse(text ?? "", unit, out var mistake) is null == mistake is not null)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("<1%", LimitUnit.Share)]
    [InlineData("<=0.5%", LimitUnit.Share)]
    [InlineData("<500ms", LimitUnit.Time)]
    [InlineData(">2s", LimitUnit.Time)]
    [InlineData(">=2m", LimitUnit.Time)]
    [InlineData("<3", LimitUnit.Count)]
    [InlineData("<0.95", LimitUnit.Number)]
    public void A_limit_is_shown_as_people_write_it(string text, LimitUnit unit) => LimitText.Format(LimitText.Parse(text, unit, out _)!, unit).ShouldBe(text);

    [Fact]
    public void What_triggers_a_rollback_is_the_opposite_of_what_must_hold()
    {
        var trigger = LimitText.Parse(">5%", LimitUnit.Share, out _)!;
        LimitText.Format(trigger.Negated(), LimitUnit.Share).ShouldBe("<=5%");
        Prop.ForAll(Gen.Elements(Enum.GetValues<LimitOperator>()).ToArbitrary(), ArbMap.Default.ArbFor<NormalFloat>(), ArbMap.Default.ArbFor<NormalFloat>(),
            (comparison, limit, value) => new Limit(comparison, (double)limit) is var x && x.Holds((double)value) != x.Negated().Holds((double)value)
                && x.Negated().Negated() == x).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Limits_do_not_depend_on_the_language_of_the_machine()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = "," } };
            LimitText.Format(LimitText.Parse("<0.5%", LimitUnit.Share, out _)!, LimitUnit.Share).ShouldBe("<0.5%");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
