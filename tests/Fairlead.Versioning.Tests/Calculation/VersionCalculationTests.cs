using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Versioning.Tests;

/// <summary>What GitVersion's own tests do not show: Fairlead's keys, parts of repositories, servers, and the explanation.</summary>
public sealed class VersionCalculationTests
{
    [Theory]
    [InlineData("1.2.3", "fix: a", "1.2.4-1")]
    [InlineData("1.2.3", "feat: a", "1.3.0-1")]
    [InlineData("1.2.3", "feat(api)!: a", "2.0.0-1")]
    [InlineData("1.2.3", "fix: a\n\nBREAKING CHANGE: b", "2.0.0-1")]
    [InlineData("0.2.3", "fix!: a", "0.3.0-1")]
    [InlineData("0.2.3", "docs: a", "0.2.4-1")]
    [InlineData("1.2.3", "feat!: a +semver: patch", "1.2.4-1")]
    [InlineData("1.2.3", "feat: a\n\n+semver: none", "1.2.4-1")]
    public void Conventional_commits_raise_the_version_when_they_are_wanted(string tag, string message, string version)
    {
        var history = new MemoryHistory();
        history.Tag(tag, history.Commit("feat!: before")).Branch("main", history.Commit(message, 0));
        Calculate(history.On("main"), "commit-message-convention: conventional-commits").Variables.FullSemVer.ShouldBe(version);
    }

    [Theory]
    [InlineData("0.2.0", "feat!: a", "0.3.0")]
    [InlineData("1.2.0", "feat!: a", "2.0.0")]
    [InlineData("1.2.0", "feat: a", "1.3.0")]
    public void Conventional_commits_raise_the_version_on_a_trunk(string tag, string message, string version)
    {
        var history = new MemoryHistory();
        history.Tag(tag, history.Commit("start")).Branch("main", history.Commit(message, 0));
        Calculate(history.On("main"), "workflow: TrunkBased/preview1\ncommit-message-convention: conventional-commits").Variables.MajorMinorPatch.ShouldBe(version);
    }

    [Fact]
    public void Commits_that_touch_another_part_neither_raise_nor_count()
    {
        var history = new MemoryHistory();
        var head = history.Commit("d", history.Commit("c +semver: major", history.Commit("b +semver: minor", history.Commit("a"))));
        history.Tag("pkg-v1.0.0", 0).Branch("main", head);
        Calculate(history.On("main"), "tag-prefix: pkg-v", new() { Touching = new HashSet<int> { 1, 3 } }).Variables.FullSemVer.ShouldBe("1.1.0-2");
        var unchanged = Calculate(history.On("main"), "tag-prefix: pkg-v", new() { Touching = new HashSet<int>() });
        (unchanged.Distance, unchanged.Source).ShouldBe((0, 0));
        Calculate(history.On("main"), "workflow: TrunkBased/preview1\ntag-prefix: pkg-v", new() { Touching = new HashSet<int> { 1, 3 } }).Variables.MajorMinorPatch.ShouldBe("1.1.1");
    }

    [Fact]
    public void A_pull_request_that_a_server_checks_out_has_its_number()
    {
        var history = new MemoryHistory();
        var main = history.Commits(1);
        var side = history.Commit("work", main);
        var merge = history.Commit("Merge", main, side);
        history.Reference("refs/remotes/origin/main", main).Reference("refs/pull/5/merge", merge).Tag("v1.0.0", main);
        Calculate(history.Detached(merge), "", new() { TargetBranch = "refs/pull/5/merge" }).Variables.FullSemVer.ShouldBe("1.0.1-PullRequest5.2");
        Calculate(history.Detached(merge), "", new() { TargetBranch = "pull/5/merge" }).Variables.BranchName.ShouldBe("pull/5/merge");
    }

    [Fact]
    public void Labels_take_variables_of_the_environment()
    {
        var history = new MemoryHistory();
        history.Branch("main", history.Commits(2));
        const string Label = "branches: {main: {label: '{env:TEAM ?? \"nobody\"}'}}";
        Calculate(history.On("main"), Label).Variables.PreReleaseLabel.ShouldBe("nobody");
        Calculate(history.On("main"), Label, new() { EnvironmentVariable = x => x == "TEAM" ? "a_b" : null }).Variables.PreReleaseLabel.ShouldBe("a-b");
        var failure = Should.Throw<UserErrorException>(() => Calculate(history.On("main"), "branches: {main: {label: '{env:TEAM}'}}"));
        failure.Message.ShouldBe("The label '{env:TEAM}' needs the environment variable 'TEAM', which is not set.");
    }

    [Theory]
    [InlineData("{Major}.{Minor}.{Patch}", "0.0.1")]
    [InlineData("{Patch:000}-{PreReleaseNumber:D4}", "001-0002")]
    [InlineData("{BranchName:u}.{env:BUILD ?? \"none\"}.{env:SET}", "MAIN.none.7")]
    [InlineData("{env:BUILD ?? 42}+{ShortSha}", "42+0000001")]
    [InlineData("{SemVer} {PreReleaseLabelWithDash}", "0.0.1-2-")]
    public void Formats_are_filled_in(string format, string expected)
    {
        var history = new MemoryHistory();
        history.Branch("main", history.Commits(2));
        Calculate(history.On("main"), $"assembly-informational-format: '{format}'", new() { EnvironmentVariable = x => x == "SET" ? "7" : null })
            .Variables.InformationalVersion.ShouldBe(expected);
    }

    [Theory]
    [InlineData("{Nothing}")]
    [InlineData("{env:MISSING}")]
    [InlineData("{Major ?? }")]
    [InlineData("{a b}")]
    [InlineData("{\"open}")]
    [InlineData("{Major:}")]
    [InlineData("{Major:a:b}")]
    public void Formats_that_cannot_be_filled_in_are_named(string format)
    {
        var history = new MemoryHistory();
        history.Branch("main", history.Commits(2));
        Should.Throw<UserErrorException>(() => Calculate(history.On("main"), $"assembly-versioning-format: '{format}'")).Message.ShouldStartWith("'assembly-versioning-format: ");
    }

    [Theory]
    [InlineData("feature/007", "0.0.1-7.1+2")]
    [InlineData("feature/a_b/c", "0.0.1-a-b-c.1+2")]
    [InlineData("feature/123", "0.0.1-123.1+2")]
    public void Names_of_branches_give_valid_labels(string branch, string version)
    {
        var history = new MemoryHistory();
        history.Branch("main", history.Commits(1)).Branch(branch, history.Commits(1, 0));
        Calculate(history.On(branch), "").Variables.FullSemVer.ShouldBe(version);
    }

    [Fact]
    public void Messages_are_read_only_where_they_can_matter_and_all_at_once()
    {
        var history = new MemoryHistory();
        var head = history.Commits(100);
        history.Tag("v1.0.0", 89).Branch("main", head).Branch("develop", history.Commits(5, head));
        Calculate(history.On("develop"), "").Distance.ShouldBe(15);
        history.Read.ShouldBeEmpty();
    }

    [Fact]
    public void The_explanation_names_what_was_found_what_raised_it_and_which_setting_applied()
    {
        var history = new MemoryHistory();
        var tagged = history.Commit("start");
        var main = history.Commit("later", tagged);
        var develop = history.Commit("change", history.Commit("a new thing +semver: minor", main));
        var feature = history.Commit("work", develop);
        history.Tag("v1.0.0", tagged).Tag("v1.0.1", main).Branch("main", main).Branch("develop", develop).Branch("feature/search", feature);
        ExplanationText.Render(Calculate(history.On("feature/search"), "next-version: 0.5.0")).ReplaceLineEndings("\n").ShouldBe(
            """
            1.1.0-search.1+3 on 'feature/search' (branches.feature)
              1.0.1 is the highest base version: tag 'v1.0.1'.
              It is raised (Minor) as 'increment' says: 1.1.0-search.1.
              3 commits count since 0000001; with the mode ManualDeployment they are build metadata.

            Base versions
              → TaggedCommit: tag 'v1.0.1' at 0000001: 1.0.1 → 1.1.0-search.1
                TaggedCommit: tag 'v1.0.0' at 0000000: 1.0.0 → 1.1.0-search.1 (the same version, from an earlier commit)
                ConfiguredNextVersion: next-version in GitVersion.yml: 0.5.0 → 0.5.0-search.1 (lower)

            Settings
              increment: Minor                                     branches.develop, inherited from 'develop'
              label: '{BranchName}'                                branches.feature
              mode: ManualDeployment                               branches.feature
              commit-message-incrementing: Enabled                 root
              prevent-increment.when-current-commit-tagged: false  branches.feature
              track-merge-target: true                             branches.develop, inherited from 'develop'
              track-merge-message: true                            branches.feature
              tracks-release-branches: true                        branches.develop, inherited from 'develop'
              is-release-branch: false                             branches.develop, inherited from 'develop'
              is-main-branch: false                                branches.feature

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_explanation_quotes_the_message_that_raised_the_version()
    {
        var history = new MemoryHistory();
        var head = history.Commit("b", history.Commit("a +semver: major", history.Commit("start")));
        history.Tag("v1.0.0", 0).Branch("main", head);
        var answer = Calculate(history.On("main"), "");
        ExplanationText.Render(answer).ShouldContain("It is raised (Major) by '+semver: major' in the message of 0000001: 2.0.0-1.");
        answer.Explanation.Candidates[0].RaisedById.ShouldBe(MemoryHistory.Id(1));
    }

    [Fact]
    public void The_explanation_tells_of_the_commits_own_tag_and_of_a_trunks_commits()
    {
        var history = new MemoryHistory();
        history.Tag("v1.0.0", history.Commits(1)).Branch("main", 0).Branch("next", history.Commits(2, 0));
        ExplanationText.Render(Calculate(history.On("main"), "")).ShouldContain("has the tag 'v1.0.0' itself");
        history.Branch("main", 2);
        ExplanationText.Render(Calculate(history.On("main"), "workflow: TrunkBased/preview1")).ShouldContain("    0000002 on 'main': Patch → 1.0.2");
    }

    [Fact]
    public void Paths_that_do_not_count_take_their_commits_away()
    {
        var history = new MemoryHistory();
        history.Tag("v1.0.0", history.Commits(1));
        var docs = history.Commit("docs +semver: major", MemoryHistory.Start.AddMinutes(5).ToUnixTimeSeconds(), ["docs/a.md"], 0);
        history.Branch("main", history.Commit("code", MemoryHistory.Start.AddMinutes(6).ToUnixTimeSeconds(), ImmutableArray.Create("src/a.cs", "docs/b.md"), docs));
        Calculate(history.On("main"), "ignore: {paths: ['^docs/']}").Variables.FullSemVer.ShouldBe("1.0.1-1");
    }

    static VersionCalculation Calculate(RepositoryHistory history, string configuration, VersionRequest? request = null) =>
        VersionCalculator.Calculate(history, VersioningConfigurationReader.Parse(configuration.Length == 0 ? "{}" : configuration, "GitVersion.yml"), request);
}
