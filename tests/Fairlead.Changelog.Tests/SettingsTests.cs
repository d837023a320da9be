using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Changelog.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void All_keys_are_read()
    {
        var settings = ChangelogSettingsReader.Parse("""
            types:
              fix: { title: Mended, section: Fixed, audience: users, aliases: [bug] }
              chore: nobody
              db: { title: Database }
            breaking-first: false
            contributors: false
            fold-pre-releases: false
            bots: [our-robot]
            forge: gitlab
            repository: https://git.example.org/team/shop
            issues: { pattern: 'SHOP-[0-9]+', url: 'https://issues.example.org/{key}' }
            templates: { release-notes: notes.hbs }
            file: docs/CHANGES.md
            """, "x");
        settings.Types.Take(3).Select(x => $"{x.Name} {x.Title} {x.Audience}").ShouldBe(["fix Mended Users", "chore Chores Nobody", "db Database Users"]);
        settings.TypeOf("bug").Name.ShouldBe("fix");
        settings.TypeOf("feature").Name.ShouldBe("feat");
        (settings.BreakingFirst, settings.Contributors, settings.FoldPreReleases).ShouldBe((false, false, false));
        settings.IsBot(new("Our-Robot", "x")).ShouldBeTrue();
        settings.LinksOf("https://github.com/other/thing")!.Issue("1").ShouldBe("https://git.example.org/team/shop/-/issues/1");
        settings.IssueUrl.ShouldBe("https://issues.example.org/{key}");
        settings.Templates[DocumentKind.ReleaseNotes].ShouldBe("notes.hbs");
        settings.ChangelogFile.ShouldBe("docs/CHANGES.md");
    }

    [Fact]
    public void All_mistakes_are_told_at_once_with_their_places() =>
        Should.Throw<ProblemsException>(() => ChangelogSettingsReader.Parse("typs: 1\nbreaking-first: 7\nforge: githup\nissues: { pattern: '(', url: 'javascript:{key}' }\ntypes:\n  fix: everybody\nbots: x\n", ".nuke/changelog.yml"))
            .Problems.Select(x => $"{x.Where!.Value.Line}:{x.Where.Value.Column} {x.Message} {x.Remedy}").ShouldBe(
            [
                "1:1 'typs' is not a key of the file. Did you mean 'types'?",
                "2:17 'breaking-first' must be true or false. ",
                "3:8 'forge' must be one of github, gitlab, gitea, bitbucket, azure-devops, but is 'githup'. Did you mean 'github'?",
                "4:20 'pattern' is not a regular expression: Invalid pattern '(' at offset 1. Not enough )'s. Write, for instance, pattern: 'SHOP-[0-9]+'.",
                "4:30 'url' is not an address with '{key}' in it. Write, for instance, url: https://issues.example.org/browse/{key}",
                "6:8 'fix' must be one of users, developers, nobody, but is 'everybody'. ",
                "7:7 'bots' must be a list of texts, for instance [one, two]. ",
            ]);

    [Fact]
    public void An_empty_file_is_as_none() => ChangelogSettingsReader.Parse("# nothing\n", "x").Types.ShouldBe(ChangeType.Defaults);

    [Fact]
    public void Any_text_is_read_or_has_its_mistakes_told() => Prop.ForAll(
        Gen.Elements("types", "issues", ":", ": ", "\n", "  ", "{", "}", "[", "]", "'", "\"", "&a", "*a", "- ", "|", "\t", "forge", "true", "#", "---\n", "?", "!")
            .ListOf().Select(string.Concat).ToArbitrary(),
        text =>
        {
            try
            {
                _ = ChangelogSettingsReader.Parse(text, "x");
            }
            catch (ProblemsException problems)
            {
                problems.Problems.ShouldNotBeEmpty();
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void The_documentation_names_every_key_and_no_other()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var file = Path.Combine(directory.FullName, "docs", "changelog.md");
            if (!File.Exists(file))
                continue;
            var rows = File.ReadAllLines(file).Where(x => x.StartsWith("| `", StringComparison.Ordinal)).Select(x => x.Split('`')[1]).TakeWhile(x => x != "releases");
            rows.ShouldBe(SettingKeys.Root);
            return;
        }

        Assert.Fail("docs/changelog.md was not found.");
    }
}
