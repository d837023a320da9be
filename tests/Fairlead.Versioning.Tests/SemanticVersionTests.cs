using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Versioning.Tests;

public sealed class SemanticVersionTests
{
    static readonly Arbitrary<SemanticVersion> Versions = (
        from core in Gen.Choose(0, 3).ArrayOf(3)
        from identifiers in Gen.Elements("alpha", "beta", "0", "2", "11", "99999999999999999999", "a-b", "-").ListOf()
        select new SemanticVersion(core[0], core[1], core[2], string.Join('.', identifiers.Take(3)))).ToArbitrary();

    [Fact]
    public void The_order_is_that_of_the_specification()
    {
        string[] ordered =
        [
            "0.9.9", "1.0.0-1", "1.0.0-99999999999999999999", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
            "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1-a", "1.2.0", "1.10.0", "2.0.0",
        ];
        ordered.Reverse().Select(SemanticVersion.Parse).Order().Select(x => x.ToString()).ShouldBe(ordered);
        (SemanticVersion.Parse("1.0.0+a") == SemanticVersion.Parse("1.0.0+b")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.2.3.4")]
    [InlineData("v1.2.3")]
    [InlineData("01.2.3")]
    [InlineData("1.2.3-")]
    [InlineData("1.2.3-01")]
    [InlineData("1.2.3-a..b")]
    [InlineData("1.2.3-ä")]
    [InlineData("1.2.3+")]
    [InlineData("1.2.3+a+b")]
    [InlineData("1.2.3\n")]
    [InlineData(" 1.2.3")]
    [InlineData("1.2.-3")]
    [InlineData("1.2.99999999999")]
    [InlineData("1.2.2147483647")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_not_a_version_is_refused(string? text) => SemanticVersion.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Text_and_version_round_trip() => Prop.ForAll(Versions, version =>
        SemanticVersion.TryParse(version.ToString(), out var again) && again.ToString() == version.ToString() && again == version).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_is_total() => Prop.ForAll(Versions, Versions, Versions, (a, b, c) =>
        Math.Sign(a.CompareTo(b)) == -Math.Sign(b.CompareTo(a))
        && (!(a <= b) || !(b <= c) || a <= c)
        && a == b == (a.ToString() == b.ToString())).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_refused_or_read_exactly() => Prop.ForAll<string?>(text => ReadsExactly(text) && ReadsExactly("1.0.0-" + text)).QuickCheckThrowOnFailure();

    static bool ReadsExactly(string? text) => !SemanticVersion.TryParse(text, out var version) || version.ToString() == text;
}
