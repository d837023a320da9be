using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Changelog.Tests;

public sealed class ReleaseNotesTests
{
    [Fact]
    public void Breaking_changes_come_first_with_what_to_do_then_features_fixes_and_the_rest() =>
        Notes.Write(Commits(
            "docs: explain",
            "fix(api): close the stream",
            "feat: add paging",
            "Tidy up",
            "feat(api)!: drop v1\n\nLong story.\n\nBREAKING CHANGE: call v2 instead\nof v1.\n\nSee the guide.\nRefs: #3"),
            "git@github.com:acme/shop.git").ShouldBe("""
            ### Breaking changes

            - **api:** drop v1 ([4444444](https://github.com/acme/shop/commit/4444444444444444444444444444444444444444))

              call v2 instead
              of v1.

              See the guide.

            ### Features

            - add paging ([2222222](https://github.com/acme/shop/commit/2222222222222222222222222222222222222222))

            ### Fixes

            - **api:** close the stream ([1111111](https://github.com/acme/shop/commit/1111111111111111111111111111111111111111))

            ### Other changes

            - Tidy up ([3333333](https://github.com/acme/shop/commit/3333333333333333333333333333333333333333))

            """.ReplaceLineEndings("\n"));

    [Fact]
    public void What_users_do_not_see_is_said_to_be_nothing_for_them() =>
        Notes.Write(Commits("chore: x")).ShouldBe("Nothing in this release changes what users see.\n");

    [Theory]
    [InlineData("see [x](http://evil)", "see \\[x\\](http\\://evil)")]
    [InlineData("<script>alert(1)</script>", "\\<script\\>alert(1)\\</script\\>")]
    [InlineData("a | b", "a \\| b")]
    [InlineData("ping @all and a@b.org", "ping @\u2060all and a@\u2060b.org")]
    [InlineData("mailto:a or tel:1, but not: this", "mailto\\:a or tel\\:1, but not: this")]
    [InlineData("www.evil.org", "www\\.evil.org")]
    [InlineData("- nested", "\\- nested")]
    [InlineData("12. nested", "12\\. nested")]
    [InlineData("1.5 seconds", "1\\.5 seconds")]
    [InlineData("# heading &lt;", "\\# heading \\&lt;")]
    [InlineData("a\u001b[31m\u202Eb\r\n## c", "a \\[31m b  \\#\\# c")]
    [InlineData("use --no-restore, it's 1.5x faster (really)", "use --no-restore, it's 1.5x faster (really)")]
    public void Text_from_commits_does_nothing(string text, string escaped) => Markdown.Line(text).ShouldBe(escaped);

    [Fact]
    public void Any_description_stays_on_its_line_and_keeps_its_words() => Prop.ForAll<NonNull<string>>(text =>
    {
        var line = Markdown.Line(text.Get);
        return !line.Any(char.IsControl)
            && Regex.Replace(line.Replace("@\u2060", "@", StringComparison.Ordinal), @"\\(.)", "$1", RegexOptions.NonBacktracking)
                == string.Concat(text.Get.Select(x => Markdown.Line($"a{x}a") == "a a" ? ' ' : x)).Trim();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_same_commits_give_the_same_notes() => Prop.ForAll<string[]>(messages =>
        Notes.Write(Commits(messages)) == Notes.Write(Commits(messages))).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("https://github.com/acme/shop", "https://github.com/acme/shop/commit/1")]
    [InlineData("https://github.com/acme/shop.git/", "https://github.com/acme/shop/commit/1")]
    [InlineData("https://user:secret@github.com/acme/shop.git", "https://github.com/acme/shop/commit/1")]
    [InlineData("git@github.com:acme/shop.git", "https://github.com/acme/shop/commit/1")]
    [InlineData("ssh://git@github.acme.org:2222/team/shop.git", "https://github.acme.org/team/shop/commit/1")]
    [InlineData("git@gitlab.com:group/sub/shop.git", "https://gitlab.com/group/sub/shop/-/commit/1")]
    public void Known_hosts_give_links(string remote, string link) => RepositoryLinks.FromRemote(remote).ShouldNotBeNull().Commit("1").ShouldBe(link);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/srv/git/shop.git")]
    [InlineData("file:///srv/github.com/a/b")]
    [InlineData("https://example.org/acme/shop.git")]
    [InlineData("https://github.com/acme/shop)[x](http://evil")]
    [InlineData("https://evil.org/github.com/acme/shop")]
    [InlineData("javascript://github.com/acme/shop")]
    [InlineData("https://github.com/acme/shop\n")]
    public void Other_remotes_give_none(string? remote) => RepositoryLinks.FromRemote(remote).ShouldBeNull();

    static Notes.TestCommit[] Commits(params string?[] messages) =>
        [.. messages.Select((x, i) => new Notes.TestCommit(new string((char)('0' + (i % 10)), 40), ["p"], DateTimeOffset.UnixEpoch, x ?? ""))];
}
