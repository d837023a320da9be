using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

public sealed class BypassTests
{
    /// <summary>Each rule, made to stand in the way by itself.</summary>
    public static TheoryData<string> Rules() => ["window", "verified", "rollback-target", "branch", "scan", "tests", "sbom"];

    static async Task<World> Closed(string rule)
    {
        var world = new World("""
            application: shop
            environments:
              staging:
                url: http://127.0.0.1:5080
              production:
                url: http://127.0.0.1:5090
                requires_verified_on: none
                verdicts: { scan: when-available, tests: when-available, sbom: when-available, signatures: when-available }
            """);
        var verdict = VerdictKinds.All.Contains(rule);
        world.File = world.File with
        {
            Environments =
            [
                .. world.File.Environments.Select(x => x.Name != "production" ? x : x with
                {
                    RequiresVerifiedOn = rule == "verified" ? "staging" : null,
                    Branches = rule == "branch" ? ["main"] : [],
                    Windows = rule == "window" ? new DeploymentWindows { Freezes = [new Freeze(DateOnly.MinValue, DateOnly.MaxValue, "the holidays")] } : new(),
                    Verdicts = verdict ? x.Verdicts.SetItem(rule, VerdictRequirement.Required) : x.Verdicts,
                }),
            ],
        };
        if (rule == "rollback-target")
        {
            await world.Deploy("1.0.0", "production");
            await using var held = await world.Store.LockAsync("production", new LockRequest { User = "x", Host = "x", ProcessId = 1, Command = "x", Wait = TimeSpan.Zero }, default);
            await held.PruneArtifactsAsync(new HashSet<string>(), default);
        }

        return world;
    }

    [Theory, MemberData(nameof(Rules))]
    public async Task Each_rule_keeps_a_release_out_by_itself_and_is_bypassed_by_itself_on_the_record(string rule)
    {
        var world = await Closed(rule);
        var release = World.Release("1.1.0") with { Branch = "feature/x" };
        await Should.ThrowAsync<ProblemsException>(() => world.Deploy(release, "production"));
        var decision = await world.Drive(() => world.Deployer().DecideAsync(world.File.Environment("production"), release, World.ArtifactDirectory, default));
        decision.Refused.ShouldHaveSingleItem().Rule.ShouldBe(rule);
        decision.BypassHint!.ShouldContain($"--bypass \"{rule}: ");

        // A reason for another rule does not open this one.
        world.Bypass = $"{(rule == "window" ? "scan" : "window")}: the outage of today";
        await Should.ThrowAsync<ProblemsException>(() => world.Deploy(release, "production"));

        foreach (var text in (string[])[$"{rule}: the outage of today", "the outage of today"])
        {
            var open = await Closed(rule);
            open.Bypass = text;
            await open.Deploy(release, "production");
            var journal = await open.Store.ReadJournalAsync("production", default);
            var bypassed = journal.Select(x => x.Event).OfType<JournalEvent.RulesBypassed>().ShouldHaveSingleItem();
            bypassed.Reason.ShouldBe("the outage of today");
            bypassed.By.ShouldBe("ada@desk");
            bypassed.Rules.ShouldHaveSingleItem().Rule.ShouldBe(rule);
            (await open.Drive(() => open.Deployer().HistoryOfAsync(open.File.Environment("production"), default)))[^1].ToString().ShouldContain("BYPASSED by ada@desk: the outage of today");
        }
    }

    [Fact]
    public async Task What_cannot_be_believed_cannot_be_bypassed()
    {
        var world = new World();
        world.Bypass = "everything, now";
        await Should.ThrowAsync<ProblemsException>(() => world.Deploy(World.Release("1.1.0", Failed(VerdictKinds.Signatures))));
        await Should.ThrowAsync<ProblemsException>(() => world.Deploy(World.Release("1.1.0") with { Dirty = true }, "production"));
        await Should.ThrowAsync<ProblemsException>(() => world.Deploy(World.Release("1.1.0") with { Application = "other" }));

        static Verdict Failed(string kind) => new(kind, VerdictOutcome.Failed, "bad");
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("window:")]
    [InlineData("window,scan:  \n ")]
    public void A_bypass_without_a_reason_is_wrong_usage(string text) =>
        Should.Throw<UserErrorException>(() => PolicyBypass.Parse(text, ["window", "scan"])).ExitCode.ShouldBe(2);

    [Theory]
    [InlineData("the window: it is broken", "", "the window: it is broken")]
    [InlineData("window: INC-1: late", "window", "INC-1: late")]
    [InlineData("scan , window:x", "scan window", "x")]
    [InlineData("window,: x", "window", "x")]
    public void Only_names_of_rules_before_the_colon_are_rules(string text, string rules, string reason)
    {
        var bypass = PolicyBypass.Parse(text, ["window", "scan"]);
        string.Join(' ', bypass.Rules).ShouldBe(rules);
        bypass.Reason.ShouldBe(reason);
    }

    [Theory]
    [InlineData("windw: the outage of today", "'windw' before the colon of '--bypass' is no rule that can be bypassed.", "Did you mean 'window'?")]
    [InlineData("window, scn: x", "'scn'", "Did you mean 'scan'?")]
    [InlineData("INC-1234: x", "'INC-1234'", "There are: scan, window.")]
    [InlineData("countersign: x", "'countersign'", "There are: scan, window.")]
    public void A_misspelt_rule_is_wrong_usage_and_never_a_reason_for_all_of_them(string text, string message, string remedy)
    {
        var error = Should.Throw<UserErrorException>(() => PolicyBypass.Parse(text, ["window", "scan"]));
        error.ExitCode.ShouldBe(2);
        error.Message.ShouldStartWith(message);
        error.Remedy!.ShouldStartWith(remedy);
    }

    [Fact]
    public async Task The_short_path_of_hotfixes_leaves_out_what_the_environment_allows_and_says_so()
    {
        var world = await Closed("verified");
        world.File = world.File with { Environments = [.. world.File.Environments.Select(x => x with { Hotfix = new HotfixSpec { Skip = ["verified"] } })] };
        await Should.ThrowAsync<ProblemsException>(() => world.Deploy(World.Release("1.1.0") with { Branch = "main" }, "production"));
        await world.Deploy(World.Release("1.1.0") with { Branch = "hotfix/outage" }, "production");
        var journal = await world.Store.ReadJournalAsync("production", default);
        journal.Select(x => x.Event).OfType<JournalEvent.RulesBypassed>().ShouldHaveSingleItem().Reason.ShouldBe(JournalEvent.RulesBypassed.Hotfix);
    }
}
