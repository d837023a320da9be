using System.Diagnostics;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Versioning.Tests;

public sealed class CommitReferencesTests
{
    static readonly Regex Keys = new("[A-Z]{2,}-[0-9]+", RegexOptions.NonBacktracking);

    [Theory]
    [InlineData("feat: x (#12)", " Issue /#12")]
    [InlineData("Closes #1, #2 and #3. See #4", "closes Issue /#1|closes Issue /#2|closes Issue /#3| Issue /#4")]
    [InlineData("fixes: acme/shop#7", "fixes Issue acme/shop#7")]
    [InlineData("see group/sub/project!34 and !5", " MergeRequest group/sub/project#34| MergeRequest /#5")]
    [InlineData("resolved AB#1234", "resolved WorkItem /#1234")]
    [InlineData("fix SHOP-12 and GH-3", "fix Key /#SHOP-12| Issue /#3| Key /#GH-3")]
    [InlineData("Fixes #1\nFixes #1\nCloses #1", "fixes Issue /#1|closes Issue /#1")]
    [InlineData("https://github.com/a/b/issues/1#issue-12 &#39; #1f #1.5 pkg@#3 it!1 wow!", "")]
    [InlineData("quoted: [#12](https://x) <a href=\"y\">#13</a>", "")]
    [InlineData("prefix #3, fix typo in #4", " Issue /#3| Issue /#4")]
    public void References_are_found_with_their_action(string text, string expected) =>
        string.Join('|', CommitReferences.Find(text, Keys).Select(x => $"{x.Action} {x.Kind} {x.Owner}/{x.Repository}#{x.Id}")).ShouldBe(expected);

    [Theory]
    [InlineData("Revert \"feat: \"x\" (#1)\" (#2)\n\nThis reverts commit 9BB4d6c.", "feat: \"x\" (#1)", "9bb4d6c")]
    [InlineData("revert: feat: x\n\nRefs: 676104e, a215868", "feat: x", "676104e,a215868")]
    [InlineData("Undo it\n\nThis reverts commit 0123456789abcdef0123456789abcdef01234567.\nThis reverts commit 89abcde.", null, "0123456789abcdef0123456789abcdef01234567,89abcde")]
    public void Reverts_say_what_they_take_back(string message, string? header, string ids)
    {
        var reverted = RevertedCommit.Find(message, ConventionalCommit.Parse(message)).ShouldNotBeNull();
        reverted.Header.ShouldBe(header);
        string.Join(',', reverted.Ids).ShouldBe(ids);
    }

    [Theory]
    [InlineData("feat: revert to the old colours")]
    [InlineData("Revert \"\n\nThis reverts commit nothing.")]
    public void Other_messages_take_back_nothing(string message) => RevertedCommit.Find(message, ConventionalCommit.Parse(message)).ShouldBeNull();

    static readonly Arbitrary<string> Hostile = Gen.Elements(
        "\0", "\uFFFD", "\u001b[2J", "\u202e", "feat", "!", ":", ": ", "(", ")", "#", "#1", "!2", "AB#3", "GH-", "Fixes ", "a/b", "//", "\n", "\r", "\n\n", "BREAKING CHANGE: ", "* BREAKING-CHANGE:",
        "Revert \"", "\"", "This reverts commit ", "0123456789abcdef", "Refs: ", "Refs #", "-", "é", "👩‍🚀", "\ud800", " ", "{{x}}", "[x](y)")
        .ListOf().Select(string.Concat).ToArbitrary();

    [Fact]
    public void Hostile_messages_are_read_without_failing() => Prop.ForAll(Hostile, message =>
    {
        var commit = ConventionalCommit.Parse(message);
        _ = RevertedCommit.Find(message, commit);
        return CommitReferences.Find(message, Keys).All(x => message.Contains(x.Id, StringComparison.Ordinal)) && ConventionalCommit.Parse(commit.ToString()).Equals(commit);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Theory]
    [InlineData("BREAKING CHANGE: a\n", "b\n")]
    [InlineData("Fixes #1\n", "#")]
    [InlineData("fix: x\n\n", "Fixes #1, ")]
    [InlineData("fix: x\n\n", "a/b")]
    [InlineData("Revert \"", "\"")]
    [InlineData("fix: x\n\n", "Refs: a\n\n")]
    [InlineData("fix: x\n\n", "This reverts commit ")]
    [InlineData("fix(", "(")]
    public void Ten_megabytes_are_read_in_time_proportional_to_them(string start, string repeated)
    {
        TimeSpan Read(int length)
        {
            var message = start + string.Concat(Enumerable.Repeat(repeated, length / repeated.Length));
            var started = Stopwatch.GetTimestamp();
            var commit = ConventionalCommit.Parse(message);
            _ = RevertedCommit.Find(message, commit);
            _ = CommitReferences.Find(message);
            return Stopwatch.GetElapsedTime(started);
        }

        // Anything quadratic would take hours; the limit is far from what slow machines need.
        Read(10_000_000).ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }
}
