using Fairlead.Tooling;

namespace Fairlead.Versioning.Tests;

public sealed class ReleasePlannerTests : IDisposable
{
    static readonly VersioningConfiguration Configuration = VersioningConfigurationReader.Parse("workflow: GitHubFlow/v1\ncommit-message-convention: conventional-commits", "GitVersion.yml");

    readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task A_repository_without_a_tag_gets_its_first_release()
    {
        _repository.Commit("feat: first");
        (await Plan()).ShouldBe("v0.1.0 after nothing");
        (await Plan(new() { Type = ReleaseType.Major })).ShouldBe("v1.0.0 after nothing");
        (await Plan(new() { Type = ReleaseType.Minor })).ShouldBe("v0.1.0 after nothing");
        (await Plan(new() { Type = ReleaseType.Patch })).ShouldBe("v0.0.1 after nothing");
        (await Plan(new() { Version = new(3, 1, 4) })).ShouldBe("v3.1.4 after nothing");
        (await Refused(new() { Type = ReleaseType.Hotfix })).ShouldContain("no release yet");
    }

    [Theory]
    [InlineData(null, "fix: b", "v1.2.4 after v1.2.3")]
    [InlineData(null, "feat: b", "v1.3.0 after v1.2.3")]
    [InlineData(null, "feat!: b", "v2.0.0 after v1.2.3")]
    [InlineData(ReleaseType.Major, "fix: b", "v2.0.0 after v1.2.3")]
    [InlineData(ReleaseType.Minor, "fix: b", "v1.3.0 after v1.2.3")]
    [InlineData(ReleaseType.Patch, "feat: b", "v1.2.4 after v1.2.3")]
    [InlineData(ReleaseType.Hotfix, "fix: b", "v1.2.4 after v1.2.3")]
    public async Task The_history_decides_unless_somebody_does(ReleaseType? type, string message, string expected)
    {
        _repository.Commit("first");
        _repository.Git("tag", "v1.2.3");
        _repository.Commit(message);
        (await Plan(new() { Type = type })).ShouldBe(expected);
    }

    [Fact]
    public async Task Without_a_change_nothing_is_released_and_tags_are_named_as_those_before()
    {
        _repository.Commit("first");
        _repository.Git("tag", "1.0.0");
        (await Plan()).ShouldBe("nothing");
        (await Plan(new() { Type = ReleaseType.Major })).ShouldBe("nothing");
        _repository.Commit("fix: second");
        (await Plan()).ShouldBe("1.0.1 after 1.0.0");
    }

    [Theory]
    [InlineData("v1.2.0+5", "v1.2.1 after v1.2.0+5")]
    [InlineData("V1.2.0", "V1.2.1 after V1.2.0")]
    [InlineData("1.2.0+x.7", "1.2.1 after 1.2.0+x.7")]
    public async Task What_stands_before_the_version_is_kept_and_nothing_else(string tag, string expected)
    {
        _repository.Commit("first");
        _repository.Git("tag", tag);
        _repository.Commit("fix: a");
        (await Plan()).ShouldBe(expected);
    }

    [Fact]
    public async Task A_hotfix_starts_from_its_release_whatever_came_out_since_and_brings_corrections_alone()
    {
        _repository.Commit("first");
        _repository.Git("tag", "v1.2.0");
        _repository.Commit("feat: more");
        _repository.Git("tag", "v1.3.0");
        _repository.Git("switch", "-q", "-c", "hotfix/1.2.1", "v1.2.0");
        _repository.Commit("fix: a leak");
        (await Plan(new() { Type = ReleaseType.Hotfix })).ShouldBe("v1.2.1 after v1.2.0");
        _repository.Commit("feat: one more thing");
        var refusal = await Refused(new() { Type = ReleaseType.Hotfix });
        refusal.ShouldContain("since v1.2.0 there is also");
        refusal.ShouldContain("one more thing");
    }

    [Fact]
    public async Task Pre_releases_are_numbered_and_end_in_their_release()
    {
        var configuration = VersioningConfigurationReader.Parse("workflow: GitHubFlow/v1\nbranches: { main: { label: rc } }", "GitVersion.yml");
        _repository.Commit("first");
        _repository.Git("tag", "v1.0.0");
        _repository.Commit("feat: a");
        (await Plan(new() { Type = ReleaseType.Minor, PreRelease = "rc" }, configuration)).ShouldBe("v1.1.0-rc.1 after v1.0.0");
        _repository.Git("tag", "v1.1.0-rc.1");
        (await Plan(new() { Type = ReleaseType.Minor, PreRelease = "rc" }, configuration)).ShouldBe("nothing");
        _repository.Commit("fix: b");
        (await Plan(new() { Type = ReleaseType.Minor, PreRelease = "rc" }, configuration)).ShouldBe("v1.1.0-rc.2 after v1.0.0");
        (await Plan(new() { Type = ReleaseType.Minor }, configuration)).ShouldBe("v1.1.0 after v1.0.0");
        // A patch would go back behind what is out already.
        (await Refused(new() { Type = ReleaseType.Patch }, configuration)).ShouldContain("1.0.1 is lower than 1.1.0-rc.1");
        (await Refused(new() { Type = ReleaseType.Minor, PreRelease = "r c" }, configuration)).ShouldContain("'r c' is no label");
    }

    [Fact]
    public async Task A_release_has_the_version_that_was_chosen_whatever_the_branch_would_make_of_its_tag()
    {
        _repository.Commit("first");
        _repository.Git("tag", "v1.0.0");
        _repository.Git("switch", "-q", "-c", "develop");
        _repository.Commit("feat: a");
        var gitFlow = VersioningConfigurationReader.Default;
        (await Plan(new() { Type = ReleaseType.Minor, PreRelease = "rc" }, gitFlow)).ShouldBe("v1.1.0-rc.1 after v1.0.0");

        // A tag that somebody set by hand counts as GitVersion counts it, which on develop is not at all.
        _repository.Git("tag", "-a", "-m", "by hand", "v1.1.0-rc.1");
        (await Version(gitFlow)).ShouldBe("1.1.0-alpha.1");
        _repository.Git("tag", "-d", "v1.1.0-rc.1");
        var history = await new RepositoryReader(_repository.Processes).ReadAsync(_repository.Root);
        await new ReleaseTagger(_repository.Processes, _repository.Root).ApplyAsync(new ReleaseCommit
        {
            Parent = history.Graph.IdOf(history.Head),
            Message = "",
            Tags = [new NewTag("v1.1.0-rc.1", ReleaseTagMessage.Write(SemanticVersion.Parse("1.1.0-rc.1"), "# notes\n"))],
        });
        (await Version(gitFlow)).ShouldBe("1.1.0-rc.1");
        _repository.Commit("fix: b");
        (await Version(gitFlow)).ShouldBe("1.1.0-alpha.2");

        async Task<string> Version(VersioningConfiguration configuration) =>
            VersionCalculator.Calculate(await new RepositoryReader(_repository.Processes).ReadAsync(_repository.Root), configuration).Variables.SemVer;
    }

    [Fact]
    public async Task A_clock_that_ran_backwards_is_named()
    {
        _repository.Commit("first");
        _repository.Git("-c", "user.name=x", "tag", "v1.0.0");
        await _repository.Processes.RunAsync(ToolCommand.Of("git", "commit", "-q", "--allow-empty", "-m", "fix: long ago").WithEnvironment("GIT_COMMITTER_DATE", "2001-01-01T00:00:00Z"));
        (await Refused(new())).ShouldContain("The clock ran backwards: 'v1.0.0'");
        (await Plan(new() { Type = ReleaseType.Patch })).ShouldBe("v1.0.1 after v1.0.0");
    }

    [Fact]
    public async Task A_package_that_is_nowhere_is_not_released()
    {
        _repository.Commit("first");
        var error = await Should.ThrowAsync<UserErrorException>(() => Plan(package: new() { Name = "a", TagPrefix = "a/v", Paths = ["nix"] }));
        error.Message.ShouldContain("No commit has ever changed nix");
    }

    [Fact]
    public async Task A_version_that_exists_is_refused_wherever_it_is()
    {
        _repository.Commit("first");
        _repository.Git("tag", "v1.0.0");
        _repository.Git("switch", "-q", "-c", "other");
        _repository.Commit("feat: a");
        _repository.Git("tag", "v1.1.0");
        _repository.Git("switch", "-q", "main");
        _repository.Commit("feat: b");
        (await Refused(new() { Type = ReleaseType.Minor })).ShouldContain("1.1.0 exists already: the tag 'v1.1.0' is on");
        (await Refused(new() { Version = new(0, 9, 0) })).ShouldContain("0.9.0 is lower than 1.0.0");
        (await Refused(new() { Version = new(2, 0, 0), PreRelease = "rc" })).ShouldContain("whole version");
    }

    [Fact]
    public async Task Each_package_has_its_own_tags_and_what_has_not_changed_is_not_released()
    {
        var core = new ReleasePackage { Name = "core", TagPrefix = "core/v", Paths = ["src/core"] };
        var web = new ReleasePackage { Name = "web", TagPrefix = "web-", Paths = ["src/web/*.cs"] };
        Change("src/core/a.cs", "feat: core begins");
        Change("src/web/b.cs", "fix: web begins");
        (await Plan(package: core)).ShouldBe("core/v0.1.0 after nothing");
        (await Plan(package: web)).ShouldBe("web-0.0.1 after nothing");
        _repository.Git("tag", "core/v1.0.0");
        _repository.Git("tag", "web-2.0.0");
        (await Plan(package: core)).ShouldBe("nothing");
        Change("src/web/b.cs", "feat: web goes on");
        Change("src/web/readme.md", "feat!: not in the package's paths");
        (await Plan(package: core)).ShouldBe("nothing");
        (await Plan(package: web)).ShouldBe("web-2.1.0 after web-2.0.0");

        Change("src/core/vendor/x.cs", "fix: somebody else's");
        (await Plan(package: core with { Paths = ["src/core", "!src/core/vendor"] })).ShouldBe("nothing");
        (await Plan(package: (core with { Paths = ["core"] }).Under("src"))).ShouldBe("core/v1.0.1 after core/v1.0.0");
        _repository.Git("reset", "-q", "--hard", "HEAD~1");

        // What a branch changed counts once it is merged.
        _repository.Git("switch", "-q", "-c", "feature/core");
        Change("src/core/a.cs", "fix: on the branch");
        _repository.Git("switch", "-q", "main");
        _repository.Git("merge", "-q", "--no-ff", "-m", "Merge branch 'feature/core'", "feature/core");
        (await Plan(package: core)).ShouldBe("core/v1.0.1 after core/v1.0.0");
    }

    void Change(string path, string message)
    {
        (_repository.Root / path).Parent.CreateDirectory();
        _repository.Write(path, message);
        _repository.Git("add", "-A");
        _repository.Commit(message);
    }

    async Task<string> Plan(ReleaseRequest? request = null, VersioningConfiguration? configuration = null, ReleasePackage? package = null)
    {
        var history = await new RepositoryReader(_repository.Processes).ReadAsync(_repository.Root);
        return ReleasePlanner.Plan(history, configuration ?? Configuration, package ?? new(), request ?? new()) is { } plan
            ? $"{plan.Tag} after {plan.PreviousTag ?? "nothing"}{(plan.Variables.SemVer == $"{plan.Version}" ? "" : " but " + plan.Variables.SemVer)}"
            : "nothing";
    }

    async Task<string> Refused(ReleaseRequest request, VersioningConfiguration? configuration = null)
    {
        var error = await Should.ThrowAsync<UserErrorException>(() => Plan(request, configuration));
        error.Remedy.ShouldNotBeNullOrEmpty();
        return error.Message + error.Remedy;
    }
}
