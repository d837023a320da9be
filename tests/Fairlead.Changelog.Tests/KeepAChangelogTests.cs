using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Changelog.Tests;

public sealed class KeepAChangelogTests
{
    static readonly KeepAChangelogRelease Release = new("1.1.0", "2026-02-03", [("Added", "paging (#12)"), ("Fixed", "the stream is closed")]);

    static string Lines(params string[] lines) => string.Join('\n', lines) + "\n";

    [Fact]
    public void A_release_goes_under_unreleased_with_what_people_wrote_there_first() =>
        KeepAChangelog.Insert(
            Lines(
                "# Changelog", "", "## [Unreleased]", "", "Read this first.", "", "### Added", "", "- a hand-written entry", "  of two lines", "- Paging.", "", "### Removed", "", "- old things", "",
                "## [1.0.0] - 2026-01-01", "", "### Added", "", "- all", "",
                "[Unreleased]: https://github.com/acme/shop/compare/v1.0.0...HEAD", "[1.0.0]: https://github.com/acme/shop/releases/tag/v1.0.0"),
            Release).ShouldBe(
            Lines(
                "# Changelog", "", "## [Unreleased]", "", "## [1.1.0] - 2026-02-03", "", "Read this first.", "", "### Added", "", "- a hand-written entry", "  of two lines", "- Paging.", "",
                "### Removed", "", "- old things", "", "### Fixed", "", "- the stream is closed", "",
                "## [1.0.0] - 2026-01-01", "", "### Added", "", "- all", "",
                "[Unreleased]: https://github.com/acme/shop/compare/v1.1.0...HEAD", "[1.1.0]: https://github.com/acme/shop/compare/v1.0.0...v1.1.0",
                "[1.0.0]: https://github.com/acme/shop/releases/tag/v1.0.0"));

    [Fact]
    public void The_style_of_the_file_is_kept() =>
        KeepAChangelog.Insert("\uFEFF# History\r\n\r\n# v1.0.0 (2026-01-01)\r\n## Added\r\n* all\r\n\r\n# v0.9 (2025-01-01)\r\n* first", Release)
            .ShouldBe("\uFEFF# History\r\n\r\n# v1.1.0 (2026-02-03)\r\n## Added\r\n* paging (#12)\r\n\r\n## Fixed\r\n* the stream is closed\r\n\r\n# v1.0.0 (2026-01-01)\r\n## Added\r\n* all\r\n\r\n# v0.9 (2025-01-01)\r\n* first");

    [Fact]
    public void Underlined_headings_and_addresses_in_headings_are_understood()
    {
        KeepAChangelog.Insert("Changes\n=======\n\n1.0.0 / 2026-01-01\n------------------\n\n * all\n", Release)
            .ShouldStartWith("Changes\n=======\n\n1.1.0 / 2026-02-03\n------------------\n\n### Added\n\n- paging (#12)\n\n### Fixed\n\n- the stream is closed\n\n1.0.0 / 2026-01-01\n");
        KeepAChangelog.Insert("# Changelog\n\n## [1.0.0](https://x.org/a/b/compare/v0.9.0...v1.0.0) (2026-01-01)\n\n* all\n\n## [0.9.0](https://x.org/a/b/tree/v0.9.0) (2025-01-01)\n", Release)
            .ShouldContain("\n## [1.1.0](https://x.org/a/b/compare/v1.0.0...v1.1.0) (2026-02-03)\n\n### Added\n\n* paging");
    }

    [Fact]
    public void A_form_under_unreleased_stays_as_a_form() =>
        KeepAChangelog.Insert("# C\n\n## Unreleased\n\n### Added\n\n- x\n\n### Fixed\n\n## 1.0.0\n", Release)
            .ShouldBe("# C\n\n## Unreleased\n\n### Fixed\n\n## 1.1.0\n\n### Added\n\n- x\n- paging (#12)\n\n### Fixed\n\n- the stream is closed\n\n## 1.0.0\n");

    [Fact]
    public void Pre_releases_become_a_part_of_their_release() =>
        KeepAChangelog.Insert(
            Lines(
                "# C", "", "## [Unreleased]", "", "## [1.1.0-rc.2] - 2026-01-03", "", "### Added", "", "- by hand", "- paging", "", "## [1.1.0-rc.1] - 2026-01-02", "", "### Fixed", "", "- early", "",
                "## [1.0.0] - 2026-01-01", "", "[Unreleased]: https://g.org/a/b/compare/v1.1.0-rc.2...HEAD", "[1.1.0-rc.2]: https://g.org/a/b/compare/v1.1.0-rc.1...v1.1.0-rc.2",
                "[1.1.0-rc.1]: https://g.org/a/b/compare/v1.0.0...v1.1.0-rc.1", "[1.0.0]: https://g.org/a/b/tree/v1.0.0"),
            Release with { Links = RepositoryLinks.FromRemote("https://github.com/a/b"), Tags = ("v1.0.0", "v1.1.0") }).ShouldBe(
            Lines(
                "# C", "", "## [Unreleased]", "", "## [1.1.0] - 2026-02-03", "", "### Added", "", "- by hand", "- paging", "", "### Fixed", "", "- early", "- the stream is closed", "",
                "## [1.0.0] - 2026-01-01", "", "[Unreleased]: https://g.org/a/b/compare/v1.1.0...HEAD", "[1.1.0]: https://github.com/a/b/compare/v1.0.0...v1.1.0", "[1.0.0]: https://g.org/a/b/tree/v1.0.0"));

    [Fact]
    public void A_pre_release_directly_under_unreleased_is_told_once() =>
        KeepAChangelog.Insert("# C\n\n## Unreleased\n## 1.1.0-rc.1\n- early\n\n## 1.0.0\n- x\n", Release).Split("- early").Length.ShouldBe(2);

    [Fact]
    public void A_release_of_an_older_line_goes_to_its_place_and_leaves_unreleased_alone()
    {
        var text = KeepAChangelog.Insert("# C\n\n## Unreleased\n\n- later\n\n## 2.0.0\n\n- two\n\n## 1.0.0\n\n- one\n", Release);
        text.ShouldBe("# C\n\n## Unreleased\n\n- later\n\n## 2.0.0\n\n- two\n\n## 1.1.0\n\n### Added\n\n- paging (#12)\n\n### Fixed\n\n- the stream is closed\n\n## 1.0.0\n\n- one\n");
    }

    [Fact]
    public void Headings_in_code_and_comments_are_none() =>
        KeepAChangelog.Insert("# C\n\n```\n## 9.0.0\n```\n<!--\n## 8.0.0\n-->\n\n## 1.0.0\n", Release).ShouldContain("-->\n\n## 1.1.0\n");

    [Fact]
    public void What_people_wrote_is_never_left_out()
    {
        string[] entries = ["- Crash on start (#12)", "- Crash on start (#15)", "- Rename `foo_bar`", "- Rename foobar", "- [the docs](https://x.org/1)", "- [the docs](https://x.org/2)", "- paging", "- paging"];
        var text = KeepAChangelog.Insert(Lines(["# C", "", "## Unreleased", "", "### Added", "", .. entries, "", "## 1.0.0"]), Release);
        text.ShouldContain($"### Added\n\n{string.Join('\n', entries)}\n\n### Fixed\n");
    }

    [Fact]
    public void Generated_entries_that_are_alike_are_all_there() =>
        KeepAChangelog.Insert("# C\n\n## 1.0.0\n", Release with { Entries = [("Fixed", "crash (#12)"), ("Fixed", "crash (#15)")] }).ShouldContain("- crash (#12)\n- crash (#15)\n");

    [Fact]
    public void Nothing_goes_into_a_comment_and_no_code_is_divided()
    {
        string[] comment = ["<!--", "### Added", "- template", "### Fixed", "-->"];
        KeepAChangelog.Insert(Lines(["# C", "", "## Unreleased", "", .. comment, "", "## 1.0.0"]), Release)
            .ShouldBe(Lines(["# C", "", "## Unreleased", "", "## 1.1.0", "", .. comment, "", "### Added", "", "- paging (#12)", "", "### Fixed", "", "- the stream is closed", "", "## 1.0.0"]));
        string[] code = ["- before", "", "  ~~~yaml", "### Fixed", "- a: 1", "", "", "- a: 1", "```", "  ~~~", "- after"];
        KeepAChangelog.Insert(Lines(["# C", "", "## Unreleased", "", "### Added", "", .. code, "", "## 1.0.0"]), Release)
            .ShouldContain(Lines(["### Added", "", .. code, "- paging (#12)", "", "### Fixed", "", "- the stream is closed"]));
    }

    [Theory]
    [InlineData("a|```|## x|~~~|```|b", "tcccct")]
    [InlineData("````|```|````|~~~ a`b|~~~", "ccccc")]
    [InlineData("``` a`b|- ```|- x|  ```|      ```|      ```", "ttcccc")]
    [InlineData("<!-- a --> text|text <!-- a|--> b|text <!-- no end||-->", "#t#ttt")]
    [InlineData("- `<!--` and \\<!-- and `` `<!-- ``|<!--|```|-->|<!-- a --> <!--|-->", "t#####")]
    [InlineData("- entry||      ```|- code|      ```|text|      ```", "ttccctt")]
    public void Lines_are_code_comments_or_text(string text, string kinds)
    {
        var lines = FileLine.Split(text.Replace('|', '\n'));
        LineScanner.Mark(lines).ShouldBeNull();
        string.Concat(lines.Select(x => x.Kind switch { LineKind.Code => 'c', LineKind.Comment => '#', _ => 't' })).ShouldBe(kinds);
    }

    [Theory]
    [InlineData("a|```|b", 1)]
    [InlineData("a||<!--|b||c", 2)]
    [InlineData("```|```|~~~|```", 2)]
    public void What_does_not_end_is_named_by_its_first_line(string text, int line) => LineScanner.Mark(FileLine.Split(text.Replace('|', '\n'))).ShouldBe(line);

    [Fact]
    public void A_first_file_is_made_and_a_file_without_releases_gets_its_first()
    {
        var links = RepositoryLinks.FromRemote("https://github.com/acme/shop");
        var first = KeepAChangelog.Insert("", Release with { Links = links, Tags = (null, "v1.1.0") });
        first.ShouldContain("\n## [Unreleased]\n\n## [1.1.0] - 2026-02-03\n\n### Added\n\n- paging (#12)\n");
        first.ShouldEndWith("\n\n[Unreleased]: https://github.com/acme/shop/compare/v1.1.0...HEAD\n[1.1.0]: https://github.com/acme/shop/releases/tag/v1.1.0\n");
        KeepAChangelog.Insert(first, Release).ShouldBe(first);
        KeepAChangelog.Insert("# C\n\nText.\n", Release).ShouldBe("# C\n\nText.\n\n## 1.1.0 - 2026-02-03\n\n### Added\n\n- paging (#12)\n\n### Fixed\n\n- the stream is closed\n");
        KeepAChangelog.Insert("# C\n\n## Unreleased", Release).ShouldStartWith("# C\n\n## Unreleased\n\n## 1.1.0");
    }

    [Fact]
    public void What_cannot_be_done_is_said_with_its_place()
    {
        var nowhere = Should.Throw<ProblemsException>(() => KeepAChangelog.Insert("only text\n", Release)).Problems.Single();
        nowhere.Where.ShouldBe(new SourceLocation("CHANGELOG.md", 1, 1));
        var there = Should.Throw<ProblemsException>(() => KeepAChangelog.Insert("# C\n\n## [1.1.0] - 2026-01-01\n\n- other\n", Release)).Problems.Single();
        there.Where.ShouldBe(new SourceLocation("CHANGELOG.md", 3, 1));
        there.Message.ShouldContain("paging");
    }

    [Theory]
    [InlineData("# C\n\n## Unreleased\n\n- a\n\n## [Unreleased]\n\n- b\n", 7, "second heading")]
    [InlineData("# C\n\n## 1.1.0\n\n- a\n\n## 1.1.0\n", 7, "second heading")]
    [InlineData("# C\n\n## 1.0.0\n\n<!-- a\n", 5, "does not end")]
    [InlineData("# C\n\n````\n```\n", 3, "does not end")]
    public void What_is_ambiguous_is_refused_with_its_line(string text, int line, string message)
    {
        var problem = Should.Throw<ProblemsException>(() => KeepAChangelog.Insert(text, Release)).Problems.Single();
        problem.Where.ShouldBe(new SourceLocation("CHANGELOG.md", line, 1));
        problem.Message.ShouldContain(message);
    }

    [Fact]
    public void What_is_in_a_comment_or_in_code_moves_as_it_is() =>
        KeepAChangelog.Insert("# C\n\n## Unreleased\n\n<!-- how to write\n### Added\n- paging -->\n\n````\n```\n### Fixed\n````\n\n## 1.0.0\n", Release)
            .ShouldBe("# C\n\n## Unreleased\n\n## 1.1.0\n\n<!-- how to write\n### Added\n- paging -->\n\n````\n```\n### Fixed\n````\n\n### Added\n\n- paging (#12)\n\n### Fixed\n\n- the stream is closed\n\n## 1.0.0\n");

    [Theory]
    [InlineData("changelog.md", "2.1.0")]
    [InlineData("changelog.expected.md", "2.1.0")]
    [InlineData("changelog.expected.linted.md", "2.1.0")]
    [InlineData("changelog.azdo.md", "0.0.3", "[0.0.3]: https://dev.azure.com/myorg/myproject/_git/myrepo/branchCompare?baseVersion=GTv0.0.2&targetVersion=GTv0.0.3")]
    [InlineData("changelog.bitbucket.md", "0.0.3", "[0.0.3]: https://bitbucket.org/organization/repo-name/branches/compare/v0.0.3%0Dv0.0.2")]
    [InlineData("changelog.gitlab.md", "0.0.3", "[0.0.3]: https://gitlab.example.com/my/repo/-/compare/v0.0.2...v0.0.3")]
    [InlineData("changelog.custom.type.md", "2.1.0", "[2.1.0]: https://github.com/olivierlacan/keep-a-changelog/compare/v2.0.0...v2.1.0")]
    [InlineData("changelog.sort.md", "3.0.0")]
    [InlineData("empty.expected.md", "0.1.0")]
    public void Real_files_keep_every_other_byte(string name, string version, string? link = null)
    {
        var text = File.ReadAllText(RecordedData.Path($"keep-a-changelog/{name}"));
        string.Concat(ChangelogFile.Parse(text).Lines.Select(x => x.ToString())).ShouldBe(text);
        var release = new KeepAChangelogRelease(version, "2026-02-03", [("Added", "something quite new")]);
        var result = KeepAChangelog.Insert(text, release);
        KeepAChangelog.Insert(result, release).ShouldBe(result);
        if (link is not null)
            result.ShouldContain($"\n{link}\n");
        // All but the addresses of [Unreleased] is there still, and in its order.
        var old = FileLine.Split(text).Where(x => !x.IsBlank && !x.Text.Contains("...HEAD", StringComparison.Ordinal) && !x.Text.StartsWith("[Unreleased]: ", StringComparison.Ordinal)).Select(x => x.Text).ToList();
        var now = FileLine.Split(result).Select(x => x.Text).ToList();
        var at = 0;
        foreach (var line in now)
        {
            if (at < old.Count && line == old[at])
                at++;
        }

        (at < old.Count ? old[at] : null).ShouldBeNull();
    }

    // Whether a generated entry is there, by itself or in other words, where it is seen.
    static bool IsText(string result, string entry) => ChangelogFile.Parse(result.TrimStart('\uFEFF')).Lines.Any(x => x.IsText && FileStyle.BeginsEntry(x.Text) && ReleaseBody.Plain(x.Text) == ReleaseBody.Plain($"- {entry}"));

    // Each release has one heading, comments and code end, and definitions stand at the end: random text has a test of its own.
    static readonly Arbitrary<string> Files = Gen.Elements(
        "# Changelog", "## [Unreleased]", "## Unreleased", "## [1.0.0] - 2026-01-01", "## [1.1.0-rc.1] - 2026-01-01", "## 0.9.0", "### Added", "### Fixed", "- an entry", "- paging", "* other", "  more", "text", "", "",
        "- paging (#3)", "~~~yaml\n### Added\n- paging\n\n\n- other\n~~~", "- <!--\n### Fixed\n-->", "<!--\n### Added\n- paging\n### Fixed\n~~~\n-->", "- `<!--`", "````\n```\n- x\n````",
        "```\n## 7.0.0\n```", "<!--\n## 8.0.0\n-->", "---")
        .ListOf().Select(x => string.Join('\n', x.Where((y, i) => !y.StartsWith("## ", StringComparison.Ordinal) || x.IndexOf(y) == i)))
        .Zip(Gen.Elements("", "\n\n[Unreleased]: https://github.com/a/b/compare/v1.0.0...HEAD\n[1.0.0]: https://github.com/a/b/compare/v0.9.0...v1.0.0", "\n\n[1.0.0]:\n  https://x.org"), string.Concat)
        .Zip(Gen.Elements("\n", "\r\n"), (text, ending) => text.Replace("\n", ending, StringComparison.Ordinal))
        .Zip(Gen.Elements("", "\n", "\uFEFF"), (text, extra) => extra == "\n" ? text + extra : extra + text).ToArbitrary();

    [Fact]
    public void Any_file_keeps_its_lines_and_a_second_time_changes_nothing() => Prop.ForAll(Files, text =>
    {
        string result;
        if (text.Trim('\uFEFF', '\n', '\r', ' ').Length == 0)
            return KeepAChangelog.Insert(text, Release).Contains("## Unreleased", StringComparison.Ordinal);
        try
        {
            result = KeepAChangelog.Insert(text, Release);
        }
        catch (ProblemsException)
        {
            return true;
        }

        var again = KeepAChangelog.Insert(result, Release);
        // Headings of sections may become one, and so do empty lines; anything else is there as often as before.
        var now = FileLine.Split(result.TrimStart('\uFEFF')).CountBy(x => x.Text).ToDictionary();
        var generated = Release.Entries.Select(x => x.Entry).ToHashSet();
        return again == result
            && FileLine.Split(text.TrimStart('\uFEFF')).Where(x => !x.IsBlank && !x.Text.StartsWith('[') && !x.Text.StartsWith("###", StringComparison.Ordinal) && !x.Text.Contains("rc.1", StringComparison.Ordinal))
                .CountBy(x => x.Text).All(x => now.GetValueOrDefault(x.Key) >= x.Value)
            && (text.Contains("## 1.1.0", StringComparison.Ordinal) || generated.All(x => IsText(result, x)))
            && result.StartsWith('\uFEFF') == text.StartsWith('\uFEFF');
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Random_text_never_crashes() => Prop.ForAll<NonNull<string>>(text =>
    {
        try
        {
            _ = KeepAChangelog.Insert(text.Get, Release);
        }
        catch (ProblemsException)
        {
        }
    }).QuickCheckThrowOnFailure();
}
