using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

public sealed class ApprovalDeskTests(ApprovalWorld world) : IClassFixture<ApprovalWorld>
{
    readonly InMemoryDeploymentStore _store = new(world.Restart());
    readonly List<string> _log = [];

    [Fact]
    public async Task The_approval_that_completes_it_says_how_to_go_on()
    {
        await DeployAsync();
        var desk = Desk();
        var request = await desk.RequestAsync(world.Production(), () => throw new InvalidOperationException("The pending one counts."), default);
        request.ShouldBe(world.Request() with { Round = 1 });
        (await GiveAsync(desk, "alice", request)).IsEnough.ShouldBeFalse();
        _log.ShouldContain("1 of 2 approvals (alice@example.com).");
        _log.Clear();
        (await GiveAsync(desk, "bob", request)).IsEnough.ShouldBeTrue();
        world.Plain(string.Join('\n', _log)).ShouldBe("""
            bob@example.com, 2026-01-05 09:00 UTC: counted
            2 of 2 approvals (alice@example.com, bob@example.com).
            Go on with: ./build.sh DeployProduction --release 1.4.0
            """.ReplaceLineEndings("\n"));
        (await GivenAsync()).ShouldBe(2);
        (await desk.ShowAsync(world.Production(), request, default)).ShouldContain("  2 of 2 approvals (alice@example.com, bob@example.com)");
    }

    [Theory]
    [InlineData("carol", "carol@example.com, 2026-01-05 09:00 UTC: not counted, they wrote <release>, which goes out with it.")]
    [InlineData("dora", "dora@example.com, 2026-01-05 09:00 UTC: not counted, they deploy it themselves.")]
    [InlineData("zoe", "zoe@example.com, 2026-01-05 09:00 UTC: not counted, they are not of senior-engineers")]
    [InlineData("mallory", "An approval of 2026-01-05 09:00 UTC: not counted, the key SHA256:<key> is not in .nuke/allowed_signers on origin/main (<rules>).")]
    public async Task Who_may_not_approve_is_told_so_and_nothing_is_written(string person, string why)
    {
        await DeployAsync();
        var error = await Should.ThrowAsync<UserErrorException>(() => GiveAsync(Desk(), person, world.Request() with { Round = 1 }));
        world.Plain(error.Message).ShouldStartWith($"Nothing was given in. {why}");
        (await GivenAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_second_approval_by_the_same_person_is_refused_at_once()
    {
        await DeployAsync();
        await GiveAsync(Desk(), "bob", world.Request() with { Round = 1 });
        (await Should.ThrowAsync<UserErrorException>(() => GiveAsync(Desk(), "bob-2", world.Request() with { Round = 1 }))).Message.ShouldContain("they have approved already, and one person counts once");
        (await GivenAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task What_has_ended_meanwhile_cannot_be_approved_any_more()
    {
        await DeployAsync();
        await AppendAsync(new JournalEvent.OperationFinished(OperationResult.Undone));
        (await Should.ThrowAsync<UserErrorException>(() => GiveAsync(Desk(), "alice", world.Request() with { Round = 1 }))).Message.ShouldBe("Nothing was given in: an operation on production has ended in the meantime, and the request with it.");
    }

    [Fact]
    public async Task Broken_glass_is_countersigned_by_somebody_else_and_keeps_the_next_deployment_out_until_then()
    {
        await DeployAsync();
        var (desk, production, request) = (Desk(), world.Production(), world.Request() with { Round = 1 });
        var verdict = await desk.GiveAsync(production, request, ApprovalPurpose.BreakGlass, "the shop is down", world.Key("dora"), _log.Add, default);
        verdict.Glass.ShouldBe(new BrokenGlass("dora@example.com", "the shop is down"));
        await AppendAsync(new JournalEvent.RulesBypassed([new BypassedRule(BrokenGlass.Rule, "the shop is down")], "the shop is down", "dora@example.com"));
        await AppendAsync(new JournalEvent.OperationFinished(OperationResult.Succeeded));

        (await desk.OwedAsync(production, default)).ShouldHaveSingleItem().ShouldBe("1.4.0 went to production on 2026-01-05 09:00 UTC because dora@example.com broke the glass (the shop is down); it has to be countersigned by 2026-01-06 09:00 UTC.");
        (await desk.OverdueAsync(production, default)).ShouldBeEmpty();
        (await desk.CountersignRequestAsync(production, default)).ShouldBe(request);
        foreach (var (person, why) in ((string, string)[])[("dora", "they deploy it themselves"), ("carol", "they wrote"), ("zoe", "they are not of senior-engineers"), ("erin", "was revoked")])
        {
            (await Should.ThrowAsync<UserErrorException>(() => desk.GiveAsync(production, request, ApprovalPurpose.Countersign, null, world.Key(person), _log.Add, default)))
                .Message.ShouldContain(why);
        }

        world.Time.Advance(TimeSpan.FromHours(25));
        (await desk.OverdueAsync(production, default)).ShouldHaveSingleItem().ToString().ShouldBe(
            $"1.4.0 went to production on 2026-01-05 09:00 UTC because dora@example.com broke the glass (the shop is down), and nobody has countersigned it: the time for that was over on 2026-01-06 09:00 UTC.{Environment.NewLine}  → Somebody else has to look at it and to countersign it: ./build.sh :approve production --countersign");
        await desk.GiveAsync(production, request, ApprovalPurpose.Countersign, null, world.Key("bob"), _log.Add, default);
        (await desk.OverdueAsync(production, default)).ShouldBeEmpty();
        (await desk.ShowAsync(production, null, default)).ShouldHaveSingleItem().ShouldEndWith("bob@example.com countersigned it on 2026-01-06 10:00 UTC, after its time, which was over on 2026-01-06 09:00 UTC.");
        (await Should.ThrowAsync<UserErrorException>(() => desk.CountersignRequestAsync(production, default))).Message.ShouldBe("Nothing that went to production waits to be countersigned.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Broken_glass_whose_commit_has_gone_with_its_branch_is_no_error_and_stays_what_it_was(bool isCountersigned)
    {
        await FinishAsync("rules", "production");
        var request = world.Request() with { Commit = new string('a', 40), Round = 1 };
        await AppendAsync(new JournalEvent.OperationStarted(OperationKind.Deploy, new DeploymentTarget(world.Release() with { Commit = request.Commit }, []), [], "dora@desk"));
        await AppendAsync(new JournalEvent.ApprovalGiven(await world.SignAsync("dora", request, ApprovalPurpose.BreakGlass, "the shop is down"), "dora@desk"));
        await AppendAsync(new JournalEvent.RulesBypassed([new BypassedRule(BrokenGlass.Rule, "the shop is down")], "the shop is down", "dora@example.com"));
        await AppendAsync(new JournalEvent.OperationFinished(OperationResult.Succeeded));
        if (isCountersigned)
            await AppendAsync(new JournalEvent.ApprovalGiven(await world.SignAsync("bob", request, ApprovalPurpose.Countersign), "bob@desk"));
        // Signed, but not by those who may.
        await AppendAsync(new JournalEvent.ApprovalGiven(await world.SignAsync("mallory", request, ApprovalPurpose.Countersign), "mallory@desk"));

        var (desk, production) = (Desk(), world.Production());
        world.Time.Advance(TimeSpan.FromHours(25));
        var line = (await desk.ShowAsync(production, null, default)).ShouldHaveSingleItem();
        if (isCountersigned)
        {
            line.ShouldContain("bob@example.com countersigned it on 2026-01-05 09:00 UTC. That it was somebody else's work cannot be looked at again:");
            (await desk.OverdueAsync(production, default)).ShouldBeEmpty();
            return;
        }

        (await desk.OverdueAsync(production, default)).ShouldHaveSingleItem().Message.ShouldBe(line);
        line.ShouldContain($"It cannot be countersigned from this clone: Who wrote the release cannot be told, because this clone does not have the commit aaaaaaa.");
        line.ShouldContain($"git fetch origin {request.Commit}");
        (await Should.ThrowAsync<UserErrorException>(() => desk.GiveAsync(production, request, ApprovalPurpose.Countersign, null, world.Key("bob"), _log.Add, default)))
            .Message.ShouldContain("It cannot be countersigned from this clone");
    }

    [Fact]
    public async Task What_others_wrote_cannot_hide_what_is_signed()
    {
        const string Escape = "\u001b[2K\r\u202e";
        var lines = ApprovalDesk.Describe(ApprovalPurpose.Approve, world.Request() with { Version = $"1.0{Escape}", Bypassed = [$"window{Escape}"], BypassReason = $"sale{Escape}\nYou approve" });
        lines.Length.ShouldBe(5);
        lines.ShouldAllBe(x => !x.Any(char.IsControl) && !x.Contains('\u202e'));

        var glass = await world.SignAsync("dora", world.Request(), ApprovalPurpose.BreakGlass, $"down{Escape}");
        var verdict = await world.Authority().JudgeAsync(world.Production(), world.Request(), [glass], null, [], default);
        verdict.IsBreakGlass.ShouldBeTrue();
        verdict.Lines.Append(verdict.Summary).ShouldAllBe(x => !x.Any(char.IsControl) && !x.Contains('\u202e'));
    }

    [Fact]
    public async Task A_release_that_is_live_is_accepted_by_those_who_did_not_write_it()
    {
        await FinishAsync("rules", "staging");
        await FinishAsync("release", "staging");
        var staging = EnvironmentsFile.Parse(ApprovalWorld.Rules, "environments.yml", "shop").Environment("staging");
        var desk = Desk();
        var request = await desk.AcceptanceAsync(staging, default);
        request.Round.ShouldBe(0);
        (await Should.ThrowAsync<UserErrorException>(() => desk.GiveAsync(staging, request, ApprovalPurpose.Accept, null, world.Key("carol"), _log.Add, default))).Message.ShouldContain("they wrote");
        (await Should.ThrowAsync<UserErrorException>(() => desk.GiveAsync(staging, request, ApprovalPurpose.Accept, null, world.Key("alice"), _log.Add, default))).Message.ShouldContain("they are not of tess@example.com, carol@example.com");
        (await desk.GiveAsync(staging, request, ApprovalPurpose.Accept, null, world.Key("tess"), _log.Add, default)).Summary.ShouldBe("1 of 1 acceptances (tess@example.com)");
        _log.ShouldNotContain(x => x.StartsWith("Go on", StringComparison.Ordinal));
    }

    ApprovalDesk Desk()
    {
        world.PolicyRef = "origin/main";
        world.Variables.Clear();
        return new ApprovalDesk(_store, world.Authority(), "dora", "desk");
    }

    Task<ApprovalVerdict> GiveAsync(ApprovalDesk desk, string person, ApprovalRequest request) => desk.GiveAsync(world.Production(), request, ApprovalPurpose.Approve, null, world.Key(person), _log.Add, default);

    /// <summary>One release is live, and the next waits for consent.</summary>
    async Task DeployAsync()
    {
        await FinishAsync("rules", "production");
        await AppendAsync(new JournalEvent.OperationStarted(OperationKind.Deploy, new DeploymentTarget(world.Release(), []), [], "dora@desk"));
        await AppendAsync(new JournalEvent.Awaiting(world.Request() with { Round = 1 }, "0 of 2 approvals"));
    }

    async Task FinishAsync(string commit, string environment)
    {
        var release = world.Release(commit) with { Digest = World.Hash(commit == "release" ? "release 1.4.0" : commit) };
        await AppendAsync(new JournalEvent.OperationStarted(OperationKind.Deploy, new DeploymentTarget(release, []), [], "dora@desk"), environment);
        await AppendAsync(new JournalEvent.OperationFinished(OperationResult.Succeeded), environment);
    }

    async Task AppendAsync(JournalEvent happened, string environment = "production")
    {
        await using var held = await _store.LockAsync(environment, GitWorld.Request(), default);
        await held.AppendAsync(happened, default);
    }

    async Task<int> GivenAsync() => (await _store.ReadJournalAsync("production", default)).Count(x => x.Event is JournalEvent.ApprovalGiven);
}
