using Fairlead.Engine;
using Fairlead.Releases;

namespace Fairlead.Components.Tests;

public sealed class TagTests : IDisposable
{
    readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task The_version_goes_into_files_changelog_commit_and_tag_and_into_what_is_built_then()
    {
        _world.Write("src/Web/Web.csproj", "<Project>\n  <PropertyGroup>\n    <Version>0.0.0</Version>\n  </PropertyGroup>\n</Project>\n");
        _world.Write("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- By hand\n");
        _world.Write(".nuke/release.yml", "version-files: [src/Web/Web.csproj]\nchangelog: CHANGELOG.md\n");
        _world.Commit("feat: a shop window");
        await _world.RunAsync("Tag --release minor --plan");
        _world.Text.ShouldContain("0.1.0: tag v0.1.0, 2 commits since the beginning\n    version in src/Web/Web.csproj\n    changelog in CHANGELOG.md");
        _world.Git("tag").ShouldBeEmpty();

        await _world.RunAsync("Tag --release minor");
        _world.Text.ShouldContain("Wrote src/Web/Web.csproj");
        _world.Text.ShouldContain("git push --atomic origin main v0.1.0");
        _world.Git("log", "-1", "--format=%s %D").ShouldBe("chore(release): 0.1.0 HEAD -> main, tag: v0.1.0");
        _world.Git("status", "--porcelain").ShouldBeEmpty();
        _world.Git("show", "HEAD:src/Web/Web.csproj").ShouldContain("<Version>0.1.0</Version>");
        var changelog = _world.Git("show", "HEAD:CHANGELOG.md");
        changelog.ShouldContain("## [0.1.0] - ");
        changelog.ShouldContain("- By hand");
        changelog.ShouldContain("A shop window");

        // A second time there is nothing to do.
        await _world.RunAsync("Tag --release minor");
        _world.Text.ShouldContain("Nothing has changed since its latest release");
        _world.Git("tag").ShouldBe("v0.1.0");

        await _world.RunAsync("Package");
        var release = ReleaseReader.Load(_world.Root / "artifacts" / "release").ManifestOrThrow();
        release.Version.ShouldBe("0.1.0");
        release.Notes.ShouldContain("A shop window");
    }

    [Fact]
    public async Task What_cannot_be_released_is_refused_before_anything_is_done()
    {
        _world.Git("tag", "v1.0.0");
        _world.Commit("feat: more");
        await _world.RunAsync("Tag Package", ExitCodes.Usage);
        _world.Text.ShouldContain("it runs alone");
        await _world.RunAsync("Package --release minor", ExitCodes.Usage);
        _world.Text.ShouldContain("./build.sh Tag --release minor");
        await _world.RunAsync("Tag --release minro", ExitCodes.Usage);
        _world.Text.ShouldContain("Did you mean 'minor'?");
        await _world.RunAsync("Tag --release hotfix", ExitCodes.Failed);
        _world.Text.ShouldContain("A hotfix brings corrections alone");
        await _world.RunAsync("Tag --only web", ExitCodes.Usage);
        _world.Text.ShouldContain("There is no package 'web'");
        _world.Write("src/Web/Web.csproj", "<Project></Project>");
        await _world.RunAsync("Tag --release minor", ExitCodes.Refused);
        _world.Text.ShouldContain("A file differs from the commit");
        _world.Git("tag").ShouldBe("v1.0.0");
    }

    [Fact]
    public async Task A_link_leads_to_the_file_that_is_written_and_outside_of_the_repository_nothing_is()
    {
        _world.Write("docs/CHANGES.md", "# Changes\n");
        File.CreateSymbolicLink(_world.Root / "CHANGELOG.md", "docs/CHANGES.md");
        _world.Commit("feat: a link");
        await _world.RunAsync("Tag");
        _world.Git("ls-tree", "HEAD", "CHANGELOG.md").ShouldStartWith("120000 ");
        _world.Git("show", "HEAD:docs/CHANGES.md").ShouldContain("A link");
        _world.Git("status", "--porcelain").ShouldBeEmpty();

        File.Delete(_world.Root / "CHANGELOG.md");
        File.CreateSymbolicLink(_world.Root / "CHANGELOG.md", "/etc/passwd");
        _world.Commit("fix: where it leads");
        await _world.RunAsync("Tag", ExitCodes.Failed);
        _world.Git("tag").ShouldBe("v0.0.1");
    }

    [Fact]
    public async Task On_a_detached_head_a_commit_would_belong_to_nobody()
    {
        _world.Write("CHANGELOG.md", "# Changelog\n");
        _world.Commit("feat: a");
        _world.Git("checkout", "--quiet", "--detach");
        await _world.RunAsync("Tag", ExitCodes.Failed);
        _world.Text.ShouldContain("git switch BRANCH");
    }

    [Fact]
    public async Task Packages_are_released_by_themselves_or_together()
    {
        _world.Write(".nuke/release.yml", "packages:\n  web:\n    paths: [src/Web]\n    changelog: src/Web/CHANGELOG.md\n  docs:\n    paths: [docs]\n");
        _world.Write("docs/a.md", "a");
        _world.Commit("fix: begin packages");
        await _world.RunAsync("Tag --release 1.0.0 --only web");
        _world.Git("tag").ShouldBe("web/v1.0.0");
        _world.Git("show", "HEAD:src/Web/CHANGELOG.md").ShouldContain("Begin");
        _world.Write("docs/a.md", "b");
        _world.Commit("docs: more");
        await _world.RunAsync("Tag --release minor");
        _world.Text.ShouldContain("web has not changed since its latest release; it is not released.");
        _world.Git("tag").ShouldBe("docs/v0.1.0\nweb/v1.0.0");
        await _world.RunAsync(":version SemVer --package web");
        _world.Text.ShouldBe("1.0.1-0\n");
    }

    [Fact]
    public async Task The_version_is_shown_explained_and_written_for_programs()
    {
        _world.Git("tag", "v1.2.3");
        _world.Commit("more");
        await _world.RunAsync(":version SemVer");
        _world.Text.ShouldBe("1.2.4-1\n");
        await _world.RunAsync(":version --json");
        _world.Text.ShouldContain("\"FullSemVer\": \"1.2.4-1\"");
        System.Text.Json.JsonDocument.Parse(_world.Text).RootElement.GetProperty("Major").GetInt32().ShouldBe(1);
        await _world.RunAsync(":version --dotenv");
        _world.Text.ShouldContain("GitVersion_MajorMinorPatch='1.2.4'");
        await _world.RunAsync(":version --explain");
        _world.Text.ShouldContain("1.2.3 is the highest base version");
        await _world.RunAsync(":version SemVr", ExitCodes.Usage);
        _world.Text.ShouldContain("Did you mean 'SemVer'?");
    }

    [Fact]
    public async Task Who_comes_from_NUKE_injects_GitVersion()
    {
        _world.Git("tag", "v1.2.3");
        _world.Git("switch", "--quiet", "--create", "release/2.0.0");
        _world.Commit("more");
        await _world.RunAsync("ShowVersion");
        _world.Text.ShouldContain("2.0.0-beta.1+1 2.0.0-beta.1");
    }

    [Fact]
    public async Task A_file_for_GitVersion_5_is_told_apart_and_rewritten()
    {
        _world.Write("GitVersion.yml", "# ours\nmode: ContinuousDeployment\nbranches:\n  develop:\n    tag: beta   # for testers\n");
        await _world.RunAsync(":version", ExitCodes.Failed);
        _world.Text.ShouldContain(":version --migrate");
        await _world.RunAsync(":version --migrate");
        (_world.Root / "GitVersion.yml").ReadAllText().ShouldContain("    label: beta   # for testers\n");
        await _world.RunAsync(":version SemVer");
        await _world.RunAsync(":version --migrate");
        _world.Text.ShouldContain("nothing was changed");
    }

    [Fact]
    public async Task Changes_are_told_since_the_latest_release_in_one_and_ever()
    {
        _world.Git("tag", "v1.0.0");
        _world.Commit("feat(cart)!: prices in cents\n\nBREAKING CHANGE: divide by a hundred");
        await _world.RunAsync(":changelog");
        _world.Text.ShouldContain("Prices in cents");
        _world.Text.ShouldNotContain("Begin");
        await _world.RunAsync(":changelog --kind migration");
        _world.Text.ShouldContain("divide by a hundred");
        await _world.RunAsync(":changelog 1.0.0 --kind notes");
        _world.Text.ShouldContain("Begin");
        await _world.RunAsync(":changelog --all --json");
        System.Text.Json.JsonDocument.Parse(_world.Text).RootElement.GetProperty("releases").GetArrayLength().ShouldBe(2);
        await _world.RunAsync(":changelog 1.0.0 --all", ExitCodes.Usage);
        await _world.RunAsync(":changelog --kind note", ExitCodes.Usage);
        _world.Text.ShouldContain("Did you mean 'notes'?");
        await _world.RunAsync(":changelog 9.9.9", ExitCodes.Failed);
        _world.Text.ShouldContain("There is no release '9.9.9'.");
    }
}
