using Fairlead.Tooling;

namespace Fairlead.Versioning.Tests;

public sealed class ReleaseSettingsTests
{
    [Fact]
    public void Without_a_file_the_whole_repository_is_released_into_the_changelog_there_is()
    {
        ReleaseSettingsReader.Parse("", _ => false).Units.Single().ShouldBe(new ReleasePackage());
        ReleaseSettingsReader.Parse("", x => x == "CHANGELOG.md").Units.Single().Changelog.ShouldBe("CHANGELOG.md");
        ReleaseSettingsReader.Parse("changelog: false", _ => true).Units.Single().Changelog.ShouldBeNull();
    }

    [Fact]
    public void Packages_have_their_own_paths_tags_changelogs_and_files()
    {
        var settings = ReleaseSettingsReader.Parse(
            """
            packages:
              core:
                paths: [src/core, Directory.Build.props]
                version-files:
                  - src/core/Core.csproj
                  - { path: README.md, pattern: 'core (?<version>\S+)', variable: MajorMinorPatch, several: true }
              web:
                paths: [src/web]
                tag-prefix: web-
                changelog: src/web/CHANGELOG.md
            """,
            _ => true);
        settings.Units.Select(x => $"{x.Name} {x.TagPrefix} {x.Changelog}").ShouldBe(["core core/v ", "web web- src/web/CHANGELOG.md"]);
        settings.Packages[0].VersionFiles.ShouldBe([
            new VersionPlace("src/core/Core.csproj"),
            new VersionPlace("README.md", new VersionPattern(@"core (?<version>\S+)") { Variable = "MajorMinorPatch", SeveralTimes = true })]);
    }

    [Theory]
    [InlineData("changelog: /etc/x")]
    [InlineData("changelog: ../x.md")]
    [InlineData("version-files: [../x.csproj]")]
    [InlineData("version-files: [{ path: /x, pattern: '(?<version>x)' }]")]
    public void Files_outside_are_mistakes(string text) =>
        Should.Throw<ProblemsException>(() => ReleaseSettingsReader.Parse(text, _ => false)).Problems.Single().Remedy.ShouldNotBeNull().ShouldContain("from the root of the repository");

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var error = Should.Throw<ProblemsException>(() => ReleaseSettingsReader.Parse(
            """
            chanelog: X.md
            version-files: src
            packages:
              core: {}
              a:
                paths: [a]
                tag-prefix: x
              b:
                paths: [b]
                tag-prefix: x
              "c c":
                paths: [c]
            """,
            _ => false));
        error.Problems.Select(x => $"{x.Where?.Line}:{x.Where?.Column} {x.Message}").ShouldBe(
        [
            "1:1 There is no key 'chanelog' here.",
            "2:16 'version-files' must be a list of files, each a path or 'path' and 'pattern'.",
            "4:3 The package 'core' has no paths.",
            "8:3 The packages 'a' and 'b' have the same tag-prefix, 'x'.",
            "11:3 'c c/v' cannot stand before a version in a tag.",
        ]);
        error.Problems[0].Remedy.ShouldNotBeNull().ShouldContain("changelog");
    }
}
