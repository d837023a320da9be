using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

public sealed class ProtectedPolicyTests(ApprovalWorld world) : IClassFixture<ApprovalWorld>
{
    [Fact]
    public async Task Rules_are_read_from_before_the_release_and_from_the_newest_commit()
    {
        world.PolicyRef = "origin/left";
        var sources = await world.Policy().FindAsync(world.Commit("left"), default);
        sources.Commits.Select(x => x.Commit).ShouldBe([world.Commit("rules"), world.Commit("left-after")]);
        // What is not merged yet: the newest alone.
        (await world.Policy().FindAsync(world.Commit("key"), default)).Commits.Select(x => x.Commit).ShouldBe([world.Commit("left-after")]);
        // The very first commit has nothing before it.
        (await world.Policy().FindAsync(world.Commit("rules"), default)).Missing!.Message.ShouldBe("No commit of origin/left is older than the release, so that there are no rules from before it.");
    }

    [Fact]
    public async Task The_default_is_the_main_branch_of_origin_and_a_setting_of_the_clone_names_another()
    {
        world.PolicyRef = null;
        var clone = await CloneAsync("default");
        (await world.Policy(clone).FindAsync(world.Commit("release"), default)).Commits[^1].Name.ShouldStartWith("origin/main (");
        await world.GitAsync(clone, "symbolic-ref", "--delete", "refs/remotes/origin/HEAD");
        await world.GitAsync(clone, "update-ref", "-d", "refs/remotes/origin/main");
        (await world.Policy(clone).FindAsync(world.Commit("release"), default)).Commits[^1].Commit.ShouldBe(world.Commit("release"));
        await world.GitAsync(clone, "config", ProtectedPolicy.Setting, "origin/raised");
        (await world.Policy(clone).FindAsync(world.Commit("release"), default)).Commits.Select(x => x.Commit).ShouldBe([world.Commit("raised")]);
    }

    [Fact]
    public async Task Rules_that_were_merged_meanwhile_are_fetched()
    {
        world.PolicyRef = "origin/main";
        var clone = await CloneAsync("stale");
        await world.GitAsync(clone, "update-ref", "refs/remotes/origin/main", world.Commit("rules"));
        (await world.Policy(clone).FindAsync(world.Commit("release"), default)).Commits[^1].Commit.ShouldBe(world.Commit("release"));
    }

    [Fact]
    public async Task Out_of_reach_what_is_known_counts_and_that_is_said()
    {
        world.PolicyRef = "origin/main";
        var clone = await CloneAsync("offline");
        await world.GitAsync(clone, "remote", "set-url", "origin", clone.Parent / "nowhere.git");
        world.Warnings.Clear();
        (await world.Policy(clone).FindAsync(world.Commit("release"), default)).Commits.Length.ShouldBe(2);
        world.Warnings.ShouldHaveSingleItem().ShouldBe("WARNING: origin/main could not be fetched; rules and keys are read from what this clone knows of it.");
    }

    [Fact]
    public async Task Without_a_remote_approvals_are_refused_and_the_other_rules_are_those_of_the_release()
    {
        world.PolicyRef = null;
        var clone = await CloneAsync("alone");
        await world.GitAsync(clone, "remote", "remove", "origin");
        world.Warnings.Clear();
        (await world.Policy(clone).ApplyAsync(world.Production(), world.Commit("release"), default)).ShouldBe(world.Production(), new SameRules());
        world.Warnings.ShouldHaveSingleItem().ShouldStartWith("WARNING: the rules of production are those of the release itself. There is no remote 'origin'");
        var verdict = await world.Authority(clone).JudgeAsync(world.Production(), world.Request(), [], null, [], default);
        verdict.IsEnough.ShouldBeFalse();
        verdict.Lines.ShouldHaveSingleItem().ShouldBe("production asks for consent, and nobody's can be counted. There is no remote 'origin', and so no protected ref that rules and keys could be read from. Push the repository to a remote 'origin' whose main branch is protected, or name a ref: git config fairlead.policyRef origin/main");
    }

    [Fact]
    public async Task A_clone_without_the_whole_history_is_refused_with_what_to_do()
    {
        world.PolicyRef = "origin/main";
        var clone = world.Clone.Parent / "shallow";
        await world.GitAsync(world.Clone, "clone", "--quiet", "--depth=1", "--no-tags", $"file://{world.Clone.Parent / "origin.git"}", clone);
        var verdict = await world.Authority(clone).JudgeAsync(world.Production(), world.Request(), [], world.Commit("rules"), [], default);
        verdict.IsEnough.ShouldBeFalse();
        verdict.Lines.ShouldHaveSingleItem().ShouldContain("fetch-depth: 0");
    }

    [Theory]
    [InlineData("origin/nothing")]
    [InlineData("--upload-pack=x")]
    [InlineData("nothing")]
    [InlineData("HEAD")]
    [InlineData("origin/main^")]
    [InlineData("refs/heads/ma*")]
    public async Task A_named_ref_that_is_not_there_refuses_everything_that_is_protected(string name)
    {
        world.PolicyRef = name;
        var error = await Should.ThrowAsync<UserErrorException>(() => world.Policy().ApplyAsync(world.Production(), world.Commit("release"), default));
        error.Message.ShouldStartWith($"The protected ref '{name}', which FAIRLEAD_POLICY_REF or 'fairlead.policyRef' names, is not there");
        error.Remedy!.ShouldContain("git config fairlead.policyRef");
        // Production that a release says is not protected is no way around it.
        await Should.ThrowAsync<UserErrorException>(() => world.Policy().ApplyAsync(world.Production() with { IsProtected = false }, world.Commit("release"), default));
        await Should.ThrowAsync<UserErrorException>(() => world.Policy().TrustAsync(world.Commit("release"), default));
        (await world.Authority().JudgeAsync(world.Production(), world.Request(), [], null, [], default)).IsEnough.ShouldBeFalse();
        // What nobody protects goes on, and it is said.
        world.Warnings.Clear();
        var staging = EnvironmentsFile.Parse(ApprovalWorld.Rules, "environments.yml", "shop").Environment("staging");
        (await world.Policy().ApplyAsync(staging, world.Commit("release"), default)).ShouldBeSameAs(staging);
        world.Warnings.ShouldHaveSingleItem().ShouldStartWith("WARNING: whether staging is protected cannot be told.");
    }

    [Fact]
    public async Task A_tag_or_a_branch_of_the_same_name_is_never_taken_for_the_protected_ref()
    {
        var clone = await CloneAsync("tags");
        foreach (var tag in (string[])["origin/main", "main", "refs/heads/main", "refs/remotes/origin/main", "refs/remotes/origin/gone"])
            await world.GitAsync(clone, "update-ref", $"refs/tags/{tag}", world.Commit("lowered"));
        await world.GitAsync(clone, "update-ref", "refs/heads/origin/main", world.Commit("lowered"));
        foreach (var name in (string?[])["origin/main", "main", "refs/heads/main", "refs/remotes/origin/main", null])
        {
            world.PolicyRef = name;
            (await world.Policy(clone).FindAsync(world.Commit("key"), default)).Commits.Select(x => x.Commit).ShouldBe([world.Commit("release")], name);
        }

        world.PolicyRef = "refs/tags/main";
        (await world.Policy(clone).FindAsync(world.Commit("key"), default)).Commits.Select(x => x.Commit).ShouldBe([world.Commit("lowered")]);
        world.PolicyRef = "origin/gone";
        await Should.ThrowAsync<UserErrorException>(() => world.Policy(clone).FindAsync(world.Commit("key"), default));
    }

    [Fact]
    public async Task Which_branch_is_the_main_one_the_remote_says_and_where_it_cannot_be_asked_it_is_not_guessed()
    {
        world.PolicyRef = null;
        var origin = world.Clone.Parent / "elsewhere.git";
        await world.GitAsync(world.Clone, "clone", "--quiet", "--bare", world.Clone.Parent / "origin.git", origin);
        await world.GitAsync(origin, "branch", "master", world.Commit("raised"));
        await world.GitAsync(origin, "symbolic-ref", "HEAD", "refs/heads/master");
        var clone = world.Clone.Parent / "clone-master";
        await world.GitAsync(world.Clone, "clone", "--quiet", origin, clone);
        await world.GitAsync(clone, "symbolic-ref", "--delete", "refs/remotes/origin/HEAD");
        (await world.Policy(clone).FindAsync(world.Commit("release"), default)).Commits[^1].Name.ShouldStartWith("origin/master (");

        await world.GitAsync(clone, "remote", "set-url", "origin", clone.Parent / "nowhere.git");
        var error = await Should.ThrowAsync<UserErrorException>(() => world.Policy(clone).ApplyAsync(world.Production(), world.Commit("release"), default));
        error.Message.ShouldBe("Which branch of 'origin' is its main one cannot be told: it has main and master, and could not be asked.");
        error.Remedy!.ShouldContain("git config fairlead.policyRef");
        await world.GitAsync(clone, "update-ref", "-d", "refs/remotes/origin/main");
        (await world.Policy(clone).FindAsync(world.Commit("release"), default)).Commits[^1].Name.ShouldStartWith("origin/master (");
    }

    [Fact]
    public async Task A_release_cannot_take_its_environments_protection_away()
    {
        world.PolicyRef = "origin/unprotected";
        var released = world.Production() with { IsProtected = false, Approvals = new ApprovalSpec(), Bypass = null };
        var held = await world.Policy().ApplyAsync(released, world.Commit("unprotected"), default);
        held.IsProtected.ShouldBeTrue();
        held.Approvals.Minimum.ShouldBe(2);
        held.Bypass!.Approvers.ShouldBe(["security"]);
    }

    [Fact]
    public async Task A_trusted_key_that_came_with_the_release_is_not_trusted()
    {
        world.PolicyRef = "origin/main";
        var trust = await world.Policy().TrustAsync(world.Commit("release"), default);
        trust.Keys.Keys.ShouldBe(["one"]);
        trust.SecurityPolicy.ShouldBeNull();
    }

    async Task<AbsolutePath> CloneAsync(string name)
    {
        var clone = world.Clone.Parent / $"clone-{name}";
        await world.GitAsync(world.Clone, "clone", "--quiet", world.Clone.Parent / "origin.git", clone);
        return clone;
    }

    /// <summary>Two specs read from the same text are not equal, because their lists are not; what they say is.</summary>
    sealed class SameRules : IEqualityComparer<EnvironmentSpec>
    {
        public bool Equals(EnvironmentSpec? x, EnvironmentSpec? y) => EnvironmentReport.Of(x!).SequenceEqual(EnvironmentReport.Of(y!), StringComparer.Ordinal);

        public int GetHashCode(EnvironmentSpec spec) => 0;
    }
}
