using System.Diagnostics;
using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Versioning.Tests;

/// <summary>Histories that nobody means to make, and that exist.</summary>
public sealed class HostileHistoryTests
{
    static readonly string[] Workflows = ["GitFlow/v1", "GitHubFlow/v1", "TrunkBased/preview1"];

    [Fact]
    public void Release_branches_that_are_merged_into_each_other_and_back_have_a_version()
    {
        var history = new MemoryHistory();
        var start = history.Commit("start");
        var (one, other) = (history.Commit("a", start), history.Commit("b", start));
        for (var i = 0; i < 20; i++)
        {
            var (next, nextOther) = (history.Commit("Merge branch 'release/2.0.0' into release/1.0.0", one, other), history.Commit("Merge branch 'release/1.0.0' into release/2.0.0", other, one));
            (one, other) = (next, nextOther);
        }

        history.Tag("v0.1.0", start).Branch("main", start).Branch("release/1.0.0", one).Branch("release/2.0.0", other).Branch("develop", history.Commit("Merge branch 'release/2.0.0'", one, other));
        foreach (var branch in new[] { "develop", "release/1.0.0", "release/2.0.0", "main" })
            Versions(history, branch).ShouldAllBe(x => x.Length > 0);
        FullSemVer(history.On("develop"), "GitFlow/v1").ShouldStartWith("2.1.0-alpha.");
    }

    [Fact]
    public void A_clock_that_runs_backwards_does_not_lose_the_tag()
    {
        var history = new MemoryHistory();
        var time = MemoryHistory.Start;
        var commit = history.Commit("0", time);
        history.Tag("v1.0.0", commit);
        for (var i = 1; i < 50; i++)
            commit = history.Commit($"{i}", time.AddDays(i % 7 == 0 ? 30 : 50 - i), commit);
        history.Branch("main", commit);
        FullSemVer(history.On("main"), "GitFlow/v1").ShouldBe("1.0.1-49");
        Versions(history, "main").ShouldAllBe(x => x.StartsWith("1.0.", StringComparison.Ordinal));
    }

    [Fact]
    public void Merges_of_many_branches_at_once_have_a_version()
    {
        var history = new MemoryHistory();
        var start = history.Commit("start");
        int[] sides = [.. Enumerable.Range(0, 5).Select(x => history.Commit($"side {x} +semver: minor", start))];
        var merge = history.Commit("Merge branches 'feature/a', 'feature/b' and 'feature/c'", sides);
        var second = history.Commit("Merge branch 'feature/d'", [merge, .. sides]);
        history.Tag("v1.0.0", start).Branch("main", second);
        FullSemVer(history.On("main"), "GitFlow/v1").ShouldBe("1.1.0-7");
        Versions(history, "main").Count.ShouldBe(3);
    }

    [Fact]
    public void Histories_that_have_nothing_in_common_have_versions()
    {
        var history = new MemoryHistory();
        var one = history.Commits(3);
        var other = history.Commits(4);
        var merge = history.Commit("Merge branch 'release/3.0.0'", one, other);
        history.Tag("v1.0.0", 1).Branch("main", one).Branch("feature/pages", other).Branch("release/3.0.0", merge).Branch("develop", merge);
        foreach (var branch in new[] { "main", "release/3.0.0", "develop" })
            Versions(history, branch).Count.ShouldBe(3);

        var orphan = new MemoryHistory();
        orphan.Branch("main", orphan.Commits(2)).Branch("feature/pages", orphan.Commits(2));
        Should.Throw<UserErrorException>(() => FullSemVer(orphan.On("feature/pages"), "GitFlow/v1")).Message.ShouldBe(
            "The branch 'feature/pages' inherits its 'increment' (branches.feature), but none of the branches that it may have been made from is in the repository.");
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("1.2")]
    [InlineData("v999999999999.0.0")]
    [InlineData("v1.2.3-")]
    [InlineData("v01.2.3")]
    [InlineData("1.2.3.4")]
    [InlineData("v1.2.3-a..b")]
    [InlineData("v1.2.3-01")]
    [InlineData("v1.2.3+")]
    [InlineData("v1.2.3-beta.99999999999999999999999")]
    [InlineData("vv1.2.3")]
    [InlineData("v٣.2.1")]
    [InlineData("")]
    [InlineData("v")]
    public void Tags_that_only_look_like_versions_are_none(string tag)
    {
        var history = new MemoryHistory();
        history.Branch("main", history.Commits(2)).Tag(tag, 0);
        FullSemVer(history.On("main"), "GitFlow/v1").ShouldBe("0.0.1-2");
    }

    [Fact]
    public void Any_tag_and_branch_name_gives_a_valid_version_or_says_why_not()
    {
        var names = ArbMap.Default.GeneratorFor<NonEmptyString>().Select(x => x.Get.Replace('\0', '0'));
        var numbers = Gen.Elements("1.2.3", "v1.2", "9.9.9-rc.1", "1.0.0-alpha1", "0.0.0", "1.0.0-007x");
        var input = from tag in Gen.OneOf(names, numbers) from branch in names from prefix in Gen.Elements("feature/", "release/", "", "hotfix-", "pull/") select (tag, prefix + branch);
        Prop.ForAll(input.ToArbitrary(), x =>
        {
            var history = new MemoryHistory();
            history.Branch("main", history.Commits(2)).Tag(x.tag, 1).Branch(x.Item2, history.Commits(1, 1));
            return Workflows.SelectMany(workflow => Enum.GetNames<SemanticVersionFormat>().Select(format => (workflow, format)))
                .All(y => Succeeds(history.On(x.Item2), $"{{workflow: {y.workflow}, semantic-version-format: {y.format}}}"));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Random_histories_have_a_version_on_every_branch()
    {
        var messages = Gen.Elements("a", "+semver: major", "+semver: none", "Merge branch 'release/2.0.0'", "Merge branch 'main' into develop", "Merge branch 'develop'", "Merge branch 'feature/x' into feature/y", "Finish hotfix-1.0.1");
        var names = Gen.Elements("main", "master", "develop", "release/1.0.0", "release/2.0.0", "hotfix/1.0.1", "feature/x", "feature/y", "support/1.x", "odd");
        var tags = Gen.Elements("v1.0.0", "1.1.0-alpha.1", "2.0.0-beta.3", "v0.9.0", "3.0.0-x.1");
        var commit = from message in messages from seeds in Gen.Choose(0, 1_000_000).ListOf(3) from time in Gen.Choose(-3, 10) select (message, seeds, time);
        var input = from commits in commit.NonEmptyListOf() from branches in Gen.Zip(names, Gen.Choose(0, 1_000_000)).NonEmptyListOf() from marks in Gen.Zip(tags, Gen.Choose(0, 1_000_000)).ListOf() select (commits, branches, marks);
        Prop.ForAll(input.ToArbitrary(), x =>
        {
            var history = new MemoryHistory();
            var time = MemoryHistory.Start;
            foreach (var (message, seeds, minutes) in x.commits)
            {
                time = time.AddMinutes(minutes);
                var count = history.Count == 0 ? 0 : 1 + (seeds[0] % 3);
                history.Commit(message, time, [.. seeds.Take(count).Select(seed => history.Count - 1 - (seed % Math.Min(history.Count, 6))).Distinct()]);
            }

            foreach (var (name, seed) in x.branches)
                history.Branch(name, seed % history.Count);
            foreach (var (name, seed) in x.marks)
                history.Tag(name, seed % history.Count);
            return x.branches.All(branch => Workflows.All(workflow => Succeeds(history.On(branch.Item1), $"workflow: {workflow}")));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Branches_part_where_a_walk_for_each_of_them_says()
    {
        var commit = Gen.Choose(0, 1_000_000).ListOf(3);
        Prop.ForAll(commit.NonEmptyListOf().ToArbitrary(), x =>
        {
            var history = new MemoryHistory();
            foreach (var seeds in x)
                history.Commit("", [.. seeds.Take(history.Count == 0 ? 0 : 1 + (seeds[0] % 2)).Select(seed => history.Count - 1 - (seed % Math.Min(history.Count, 5))).Distinct()]);
            var repository = new RepositoryView(history.Detached(history.Count - 1), new ConfiguredBranches(VersioningConfigurationReader.Default));
            for (var branch = 0; branch < history.Count; branch++)
            {
                for (var other = 0; other < history.Count; other++)
                {
                    repository.FindBranchPointNearby(branch, other).ShouldBe(repository.FindBranchPoint(branch, other));
                    var common = MergeBases.Find(repository.Topology, branch, other);
                    new BranchPoints(repository.Topology, repository.PastOf(branch)).MergeBaseWith(other).ShouldBe(common);
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Ten_thousand_branches_and_tags_take_no_time()
    {
        var history = new MemoryHistory();
        var trunk = history.Commits(1);
        for (var i = 0; i < 10_000; i++)
        {
            history.Branch($"feature/{i}", history.Commit("work", trunk));
            history.Tag($"v1.{i}.0", trunk);
            trunk = history.Commit("next", trunk);
        }

        history.Branch("main", trunk).Branch("odd", trunk);
        var watch = Stopwatch.StartNew();
        Versions(history, "main").ShouldAllBe(x => x.StartsWith("1.9999.1", StringComparison.Ordinal));
        Versions(history, "odd").Count.ShouldBe(3);
        // Generous: a walk for each tag or branch takes minutes.
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Messages_of_many_megabytes_are_read()
    {
        var history = new MemoryHistory();
        var start = history.Commit("start");
        var huge = history.Commit("Merge branch '" + new string('a', 5_000_000) + "\0\u001b[31m\uFFFD +semver: minor", start);
        history.Tag("v1.0.0", start).Branch("main", huge);
        FullSemVer(history.On("main"), "GitFlow/v1").ShouldBe("1.1.0-1");
        Versions(history, "main").Count.ShouldBe(3);
    }

    [Fact]
    public void What_messages_say_is_shown_without_what_a_terminal_obeys()
    {
        var history = new MemoryHistory();
        var merge = history.Commit($"Merge branch 'release/2.0.0\u001b[31m{new string('x', 500)}' +semver: major", history.Commit("start"));
        history.Branch("main", merge);
        var text = ExplanationText.Render(VersionCalculator.Calculate(
            history.On("main"), VersioningConfigurationReader.Parse("major-version-bump-message: '(?s)Merge.*'", "GitVersion.yml")));
        text.ShouldContain("message 'Merge branch 'release/2.0.0\uFFFD[31mxx");
        text.ShouldNotContain('\u001b');
        text.Length.ShouldBeLessThan(2_000);
    }

    [Fact]
    public void Merges_thousands_of_levels_deep_have_a_version_or_a_clear_error()
    {
        var history = new MemoryHistory();
        var start = history.Commit("start");
        var inner = start;
        for (var i = 0; i < 3_000; i++)
            inner = history.Commit($"Merge branch 'feature/{i}' into feature/{i + 1}", history.Commit("side", start), inner);
        history.Branch("main", inner);
        Succeeds(history.On("main"), "workflow: TrunkBased/preview1").ShouldBeTrue();
    }

    [Theory]
    [InlineData("tag-prefix", "(a+)+$")]
    [InlineData("major-version-bump-message", "^(a+)+$")]
    public void A_pattern_that_never_ends_is_named(string key, string pattern)
    {
        var history = new MemoryHistory();
        var endless = new string('a', 60) + "!";
        history.Branch("main", history.Commit(endless)).Tag(endless, 0);
        Should.Throw<UserErrorException>(() => FullSemVer(history.On("main"), "GitFlow/v1", $"{key}: '{pattern}'")).Message.ShouldContain($"'{key}'");
    }

    [Fact]
    public void Mistakes_in_a_request_are_said()
    {
        var history = new MemoryHistory();
        history.Branch("main", history.Commits(2));
        var configuration = VersioningConfigurationReader.Default;
        Should.Throw<UserErrorException>(() => VersionCalculator.Calculate(history.On("main"), configuration, new() { CommitId = "0123" })).Message.ShouldBe("There is no commit '0123'.");
        Should.Throw<UserErrorException>(() => VersionCalculator.Calculate(history.On("main"), configuration, new() { TargetBranch = "mian" })).Remedy.ShouldBe("Did you mean 'main'?");
        Should.Throw<UserErrorException>(() => FullSemVer(history.On("main"), "GitFlow/v1", "next-version: abc")).Message.ShouldContain("next-version");
        Should.Throw<UserErrorException>(() => FullSemVer(history.On("main"), "GitFlow/v1", "strategies: [TaggedCommit]")).Remedy.ShouldBe("Add 'Fallback' to 'strategies'.");
    }

    static bool Succeeds(RepositoryHistory history, string configuration)
    {
        try
        {
            var answer = VersionCalculator.Calculate(history, VersioningConfigurationReader.Parse(configuration, "GitVersion.yml"));
            answer.Version.ToString().ShouldBe(answer.Variables.SemVer);
            ExplanationText.Render(answer).ShouldNotBeEmpty();
            return true;
        }
        catch (UserErrorException)
        {
            return true;
        }
    }

    static List<string> Versions(MemoryHistory history, string branch) => [.. Workflows.Select(x => FullSemVer(history.On(branch), x))];

    static string FullSemVer(RepositoryHistory history, string workflow, string more = "") =>
        VersionCalculator.Calculate(history, VersioningConfigurationReader.Parse($"workflow: {workflow}\n{more}", "GitVersion.yml")).Variables.FullSemVer;
}
