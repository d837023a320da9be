using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Versioning.Tests;

public sealed class ConventionalCommitTests
{
    [Fact]
    public void All_parts_are_read()
    {
        var commit = ConventionalCommit.Parse("""
            Feat(Api Client)!: add paging

            A body
            of two paragraphs.

            Note that this is the second.

            Reviewed-by: Z
            Fixes #12
            BREAKING CHANGE: page is now
              one-based

            See the guide.
            """);
        commit.Type.ShouldBe("feat");
        commit.Scope.ShouldBe("Api Client");
        commit.Description.ShouldBe("add paging");
        commit.IsBreaking.ShouldBeTrue();
        commit.Migration.ShouldBe("page is now\n  one-based\n\nSee the guide.");
    }

    [Fact]
    public void Footers_are_the_last_paragraphs_that_start_with_one()
    {
        var commit = ConventionalCommit.Parse("fix: a\n\nNote: not a footer\n\nplain\n\nRefs: 1\n  continued\nFixes #2\n\nSigned-off-by: x <x@y>");
        commit.Body.ShouldBe("Note: not a footer\n\nplain");
        commit.Footers.ShouldBe([new("Refs", "1\n  continued"), new("Fixes", "#2"), new("Signed-off-by", "x <x@y>")]);
    }

    [Theory]
    [InlineData("Merge branch 'x' into main")]
    [InlineData("feat:no space")]
    [InlineData("feat: ")]
    [InlineData("feat(): x")]
    [InlineData("feat(a: x")]
    [InlineData("two words: x")]
    [InlineData(": x")]
    [InlineData("")]
    public void What_does_not_follow_the_convention_is_kept_as_it_is(string message)
    {
        var commit = ConventionalCommit.Parse(message);
        commit.Type.ShouldBeNull();
        commit.Description.ShouldBe(message.Trim());
    }

    [Theory]
    [InlineData("fix: a\n\nthis is no breaking change: b")]
    [InlineData("fix: a\n\nbreaking change: b")]
    [InlineData("fix: the BREAKING CHANGE: b")]
    [InlineData("BREAKING CHANGE: in the first line is no type")]
    public void Not_every_mention_of_a_break_is_one(string message) => ConventionalCommit.Parse(message).IsBreaking.ShouldBeFalse();

    static readonly Arbitrary<string> Messages = Gen.Elements(
        "feat", "fix(x)!", ": ", "\n", "\n\n", "a", " ", "Refs: 1", "Fixes #2", "BREAKING CHANGE: ", "BREAKING-CHANGE:", "#", "(", ")", "!", ":", "\r\n", "\t", "\u2028", "é")
        .ListOf().Select(string.Concat).ToArbitrary();

    [Fact]
    public void Any_text_is_read_and_its_canonical_form_reads_the_same() => Prop.ForAll(Messages, message =>
    {
        var commit = ConventionalCommit.Parse(message);
        return ConventionalCommit.Parse(commit.ToString()).Equals(commit);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Reading_never_throws() => Prop.ForAll<string>(text => { _ = ConventionalCommit.Parse(text ?? ""); }).QuickCheckThrowOnFailure();
}
