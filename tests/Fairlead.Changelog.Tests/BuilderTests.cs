using Fairlead.Versioning;

namespace Fairlead.Changelog.Tests;

public sealed class BuilderTests
{
    static readonly Author Ann = new("Ann", "ann@example.org");
    static readonly Author Bot = new("dependabot[bot]", "support@example.org");

    static int _next;

    static HistoryCommit Commit(string message, string? id = null, Author? author = null, string? mergedBy = null, int parents = 1, int? written = null) =>
        new(id ?? (Interlocked.Increment(ref _next) + 0x10000000).ToString("x8") + new string('0', 32), [.. Enumerable.Repeat("p", parents)], default, author ?? Ann,
            DateTimeOffset.FromUnixTimeSeconds(written ?? Interlocked.Increment(ref _next)), message)
        {
            MergedBy = mergedBy,
        };

    static ReleaseEntry Build(ChangelogSettings settings, params HistoryCommit[] commits) =>
        ChangelogBuilder.Build(new ChangelogHistory([new HistoryRelease { Commit = "c", Date = default, Commits = [.. commits], NewAuthors = [.. commits.Select(x => x.Author).Distinct()] }]), settings).Releases[0];

    static string[] Told(params HistoryCommit[] commits)
    {
        var entry = Build(new ChangelogSettings(), commits);
        return [.. entry.Breaking.Select(x => $"!{x.Description}"), .. entry.Groups.SelectMany(x => x.Changes.Select(y => $"{x.Type.Name}: {y.Description}"))];
    }

    const string Id = "0123456789abcdef0123456789abcdef01234567";

    [Fact]
    public void A_commit_and_its_revert_both_vanish() =>
        Told(Commit($"Revert \"feat: a\"\n\nThis reverts commit {Id}."), Commit("fix: b"), Commit("feat: a", Id)).ShouldBe(["fix: b"]);

    [Fact]
    public void A_revert_of_something_released_stays() =>
        Told(Commit($"Revert \"feat: a\"\n\nThis reverts commit {Id}.")).ShouldBe(["revert: Revert \"feat: a\""]);

    [Fact]
    public void A_revert_of_a_revert_lets_the_first_commit_stand()
    {
        var revert = Commit($"Revert \"feat: a\"\n\nThis reverts commit {Id}.");
        Told(Commit($"Reapply \"feat: a\"\n\nThis reverts commit {revert.Id}."), revert, Commit("feat: a", Id)).ShouldBe(["feat: a"]);
    }

    [Fact]
    public void What_lands_again_after_its_revert_is_told()
    {
        HistoryCommit[] landed = [Commit($"Revert \"feat: a\"\n\nThis reverts commit {Id}."), Commit("feat: a", Id, written: 7)];
        Told([Commit($"feat: a\n\n(cherry picked from commit {Id})", written: 7), .. landed]).ShouldBe(["feat: a"]);
        Told([Commit("feat: a", written: 7), .. landed]).ShouldBe(["feat: a"]);
        // The second revert names the first commit again, but the copy is what it takes back.
        Told([Commit($"Revert \"feat: a\"\n\nThis reverts commit {Id}."), Commit("feat: a", written: 7), .. landed]).ShouldBeEmpty();
    }

    [Fact]
    public void A_long_chain_of_reverts_of_reverts_is_followed()
    {
        var chain = new List<HistoryCommit> { Commit("feat: a", Id) };
        for (var i = 0; i < 20_000; i++)
            chain.Insert(0, Commit($"Revert\n\nThis reverts commit {chain[0].Id}."));
        Told([.. chain]).ShouldBe(["feat: a"]);
        Told([.. chain[1..]]).ShouldBeEmpty();
    }

    [Fact]
    public void A_squashed_revert_finds_its_commit_by_its_first_line() => Told(Commit("Revert \"feat: a (#1)\" (#2)"), Commit("feat: a (#1)")).ShouldBeEmpty();

    [Fact]
    public void A_copy_is_told_once_and_so_is_what_several_commits_say_in_the_same_words()
    {
        Told(Commit("fix: a\n\nlong", written: 7), Commit("fix: a", written: 7)).ShouldBe(["fix: a"]);
        Told(Commit($"fix: b\n\n(cherry picked from commit {Id})"), Commit("fix: b", Id)).ShouldBe(["fix: b"]);
        var entry = Build(new ChangelogSettings(), Commit("fix: typo (#2)"), Commit("fix: typo (#1)"));
        entry.Groups.Single().Changes.Single().PullRequests.ShouldBe(["2", "1"]);
        entry.Groups.Single().Changes.Single().Commits.Length.ShouldBe(2);
    }

    [Fact]
    public void Updates_of_one_dependency_are_one()
    {
        var entry = Build(
            new ChangelogSettings(),
            Commit("chore(deps): bump lib from 1.1 to 1.2 (#3)", author: Bot),
            Commit("Bump the all group with 2 updates\n\nBumps the all group.\n\nUpdates `b` from 1 to 2\nUpdates `a` from 3 to 4", author: Bot),
            Commit("chore(deps): update dependency c to v3", author: new("renovate[bot]", "r@example.org")),
            Commit("chore(deps): bump lib from 1.0 to 1.1 (#1)", author: Bot),
            Commit("feat: bump the limit from 1 to 2"));
        entry.Dependencies.Select(x => $"{x.Package} {x.From} {x.To} {string.Join(',', x.PullRequests)}").ShouldBe(["a 3 4 ", "b 1 2 ", "c  v3 ", "lib 1.0 1.2 3,1"]);
        entry.Groups.Single().Changes.Single().Description.ShouldBe("bump the limit from 1 to 2");
    }

    [Fact]
    public void New_contributors_are_thanked_and_programs_are_not()
    {
        var entry = Build(new ChangelogSettings { Bots = ["Robot"] }, Commit("fix: a", author: Bot), Commit("fix: b", author: new("robot", "x@y")), Commit("fix: d"), Commit("fix: c", mergedBy: "12"));
        entry.NewContributors.Select(x => (x.Name, x.PullRequest)).ShouldBe([("Ann", "12")]);
        Build(new ChangelogSettings { Contributors = false }, Commit("fix: a")).NewContributors.ShouldBeEmpty();
    }

    [Fact]
    public void Merges_say_nothing_of_their_own_unless_they_are_the_only_ones_to_say_it() =>
        Told(
            Commit("Merge pull request #1 from x/y\n\nfeat: x", parents: 2),
            Commit("Merge branch 'x'", parents: 2),
            Commit("feat: merged by hand", parents: 2),
            Commit("Merged PR 12: fix(web): squashed")).ShouldBe(["feat: merged by hand", "fix: squashed"]);

    [Fact]
    public void Breaking_changes_come_first_or_stay_where_they_are()
    {
        var commits = new[] { Commit("feat!: a"), Commit("chore: b\n\nBREAKING CHANGE: do c"), Commit("feat: d") };
        Told(commits).ShouldBe(["!a", "!b", "feat: d"]);
        Build(new ChangelogSettings { BreakingFirst = false }, commits).Groups.Select(x => x.Changes.Length).ShouldBe([2, 1]);
    }

    [Fact]
    public void Types_have_aliases_and_unknown_ones_are_others() =>
        Told(Commit("feature: a"), Commit("release: b"), Commit("plain c")).ShouldBe(["feat: a", "other: b", "other: plain c"]);

    [Theory]
    [InlineData("https://github.com/acme/shop.git", "compare/v1.0.0...v1.1.0", "issues/3", "pull/4", "commit/abc")]
    [InlineData("git@gitlab.com:acme/sub/shop.git", "-/compare/v1.0.0...v1.1.0", "-/issues/3", "-/merge_requests/4", "-/commit/abc")]
    [InlineData("ssh://git@codeberg.org/acme/shop", "compare/v1.0.0...v1.1.0", "issues/3", "pulls/4", "commit/abc")]
    [InlineData("git@bitbucket.org:acme/shop.git", "branches/compare/v1.1.0%0Dv1.0.0", "issues/3", "pull-requests/4", "commits/abc")]
    [InlineData("https://dev.azure.com/acme/my%20shop/_git/shop", "branchCompare?baseVersion=GTv1.0.0&targetVersion=GTv1.1.0", null, "pullrequest/4", "commit/abc")]
    public void Links_are_those_of_the_server(string remote, string compare, string? issue, string pullRequest, string commit)
    {
        var links = RepositoryLinks.FromRemote(remote).ShouldNotBeNull();
        links.Compare("v1.0.0", "v1.1.0").ShouldBe($"{links.Repository}/{compare}");
        links.Issue("3").ShouldBe(issue is null ? "https://dev.azure.com/acme/my%20shop/_workitems/edit/3" : $"{links.Repository}/{issue}");
        links.PullRequest("4").ShouldBe($"{links.Repository}/{pullRequest}");
        links.Commit("abc").ShouldBe($"{links.Repository}/{commit}");
        links.Compare("@x/a)b [v1", "HEAD").ShouldNotContain(")");
    }

    [Fact]
    public void Other_remotes_can_be_named_and_references_lead_to_other_repositories()
    {
        RepositoryLinks.FromRemote("https://git.example.org/team/shop").ShouldBeNull();
        RepositoryLinks.FromRemote("https://git.example.org/team/shop", Forge.GitLab)!.Issue("1").ShouldBe("https://git.example.org/team/shop/-/issues/1");
        RepositoryLinks.FromRemote("git@ssh.dev.azure.com:v3/acme/web/shop")!.Repository.ShouldBe("https://dev.azure.com/acme/web/_git/shop");
        var links = RepositoryLinks.FromRemote("https://github.com/acme/shop")!;
        links.Reference(new CommitReference(ReferenceKind.Issue, "7", "other", "thing")).ShouldBe("https://github.com/other/thing/issues/7");
        links.Reference(new CommitReference(ReferenceKind.Issue, "7", null, "thing")).ShouldBe("https://github.com/acme/thing/issues/7");
        links.Reference(new CommitReference(ReferenceKind.Key, "SHOP-7")).ShouldBeNull();
    }
}
