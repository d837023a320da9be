using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.SupplyChain.Tests;

public sealed class LicenceExpressionTests
{
    static readonly string[] Ids = ["MIT", "Apache-2.0", "GPL-2.0-only", "GPL-2.0+", "LicenseRef-a", "DocumentRef-x:LicenseRef-b", "Unlisted-1.0"];

    [Theory]
    [InlineData("MIT", "MIT")]
    [InlineData(" mit ", "MIT")]
    [InlineData("apache-2.0 OR MIT", "Apache-2.0 OR MIT")]
    [InlineData("Apache-2.0+", "Apache-2.0+")]
    [InlineData("GPL-2.0+", "GPL-2.0+")]
    [InlineData("(MIT)", "MIT")]
    [InlineData("((MIT OR (BSD-3-Clause)))", "MIT OR BSD-3-Clause")]
    [InlineData("MIT AND BSD-3-Clause OR ISC", "MIT AND BSD-3-Clause OR ISC")]
    [InlineData("MIT AND (BSD-3-Clause OR ISC)", "MIT AND (BSD-3-Clause OR ISC)")]
    [InlineData("(MIT AND BSD-3-Clause) OR ISC", "MIT AND BSD-3-Clause OR ISC")]
    [InlineData("gpl-2.0-only WITH classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0")]
    [InlineData("licenseref-My.Own", "LicenseRef-My.Own")]
    [InlineData("DocumentRef-spdx-tool-1.2:LicenseRef-MIT-Style-2", "DocumentRef-spdx-tool-1.2:LicenseRef-MIT-Style-2")]
    [InlineData("Nobodys-Licence", "Nobodys-Licence")]
    public void Expressions_are_read_and_written_as_the_list_writes_them(string text, string expected)
    {
        LicenceExpression.Parse(text).ToString().ShouldBe(expected);
        LicenceExpression.Parse(expected).ShouldBe(LicenceExpression.Parse(text));
    }

    [Theory]
    [InlineData("", "at character 1, a licence is missing.")]
    [InlineData("MIT OR", "at character 7, a licence is missing.")]
    [InlineData("AND MIT", "at character 1, a licence is missing before 'AND'.")]
    [InlineData("MIT or ISC", "at character 5, operators are written in capitals: OR.")]
    [InlineData("(MIT and ISC)", "at character 6, operators are written in capitals: AND.")]
    [InlineData("MIT ISC", "at character 5, an operator is missing before 'ISC'.")]
    [InlineData("(MIT", "at character 5, a ')' is missing.")]
    [InlineData("MIT)", "at character 4, there is a ')' too many.")]
    [InlineData("GPL-2.0-only WITH", "at character 18, WITH needs the id of an exception.")]
    [InlineData("MIT/ISC", "at character 1, 'MIT/ISC' is no licence id.")]
    [InlineData("LicenseRef-", "at character 1, 'LicenseRef-' is no licence id.")]
    [InlineData("DocumentRef-a:MIT", "at character 1, 'DocumentRef-a:MIT' is no licence id.")]
    [InlineData("+", "at character 1, '+' is no licence id.")]
    [InlineData("MIT +", "at character 5, an operator is missing before '+'.")]
    public void What_is_no_expression_is_told_with_its_place(string text, string expected)
    {
        LicenceExpression.TryParse(text, out _, out var error).ShouldBeFalse();
        error.ShouldBe(expected);
        Should.Throw<FormatException>(() => LicenceExpression.Parse(text)).Message.ShouldContain(expected);
    }

    [Fact]
    public void Nesting_and_length_have_limits()
    {
        LicenceExpression.TryParse($"{new string('(', 100_000)}MIT", out _, out _).ShouldBeFalse();
        LicenceExpression.TryParse(string.Join(" OR ", Enumerable.Repeat("MIT", 2_000)), out var wide, out _).ShouldBeTrue();
        wide.IsAllowed(_ => false).ShouldBeFalse();
        wide.ToString().Length.ShouldBe(2_000 * 7 - 4);
    }

    [Fact]
    public void No_text_crashes_the_parser_and_what_it_takes_is_written_and_read_again() => Prop.ForAll(
        Gen.Elements("MIT", "AND", "OR", "WITH", "(", ")", "+", " ", "LicenseRef-", "DocumentRef-", ":", "x", "GPL-2.0+", "é", "\n", "Classpath-exception-2.0", "or").ArrayOf().Select(x => string.Join(Random(x), x)).ToArbitrary(),
        text => !LicenceExpression.TryParse(text, out var expression, out _) || LicenceExpression.Parse(expression.ToString()) == expression).QuickCheckThrowOnFailure();

    [Fact]
    public void Printing_and_reading_again_gives_the_same_expression() => Prop.ForAll(
        Expressions().ToArbitrary(), x => LicenceExpression.Parse(x.ToString()) is var again && Same(again, x) && again.ToString() == x.ToString()).QuickCheckThrowOnFailure();

    [Fact]
    public void Evaluation_agrees_with_the_truth_table() => Prop.ForAll(Expressions().ToArbitrary(), expression =>
    {
        var licences = expression.Licences().Distinct().ToArray();
        return Enumerable.Range(0, 1 << licences.Length).All(row =>
        {
            bool IsAllowed(LicenceExpression.Licence licence) => (row >> Array.IndexOf(licences, licence) & 1) == 1;
            var expected = Truth(expression, IsAllowed);
            var refused = expression.Refused(IsAllowed).ToList();
            // What is named as refused is indeed not allowed, and allowing all of it would help.
            return expression.IsAllowed(IsAllowed) == expected
                && refused.Count == 0 == expected
                && refused.All(x => !IsAllowed(x))
                && expression.IsAllowed(x => IsAllowed(x) || refused.Contains(x));
        });
    }).QuickCheckThrowOnFailure();

    static string Random(string[] words) => words.Length % 3 == 0 ? "" : " ";

    // By the table of all rows, without recursion over what is allowed: the expression as a Boolean formula in another form.
    static bool Truth(LicenceExpression expression, Func<LicenceExpression.Licence, bool> isAllowed)
    {
        var alternatives = Alternatives(expression);
        return alternatives.Any(x => x.All(isAllowed));
    }

    static List<List<LicenceExpression.Licence>> Alternatives(LicenceExpression expression) => expression switch
    {
        LicenceExpression.Licence licence => [[licence]],
        LicenceExpression.Either either => [.. Alternatives(either.Left), .. Alternatives(either.Right)],
        LicenceExpression.Both both => [.. Alternatives(both.Left).SelectMany(_ => Alternatives(both.Right), (x, y) => x.Concat(y).ToList())],
        _ => [],
    };

    // AND and OR are associative: the tree may lean to the other side.
    static bool Same(LicenceExpression x, LicenceExpression y) => x.Licences().SequenceEqual(y.Licences());

    static Gen<LicenceExpression> Expressions() => Gen.Sized(size => Expressions(Math.Min(size, 6)));

    static Gen<LicenceExpression> Expressions(int size)
    {
        var leaf = Gen.Elements(Ids).Select(LicenceExpression.Parse);
        if (size <= 1)
            return leaf;
        var half = Expressions(size / 2);
        return Gen.OneOf(
            leaf,
            half.Zip(half, (x, y) => (LicenceExpression)new LicenceExpression.Both(x, y)),
            half.Zip(half, (x, y) => (LicenceExpression)new LicenceExpression.Either(x, y)));
    }
}
