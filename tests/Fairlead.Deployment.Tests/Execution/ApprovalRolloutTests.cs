using Fairlead.Testing;
using static Fairlead.Deployment.Tests.KilledCommands;

namespace Fairlead.Deployment.Tests;

public sealed class ApprovalRolloutTests
{
    static World Of()
    {
        var world = new World();
        world.File = world.File with { Environments = [.. world.File.Environments.Select(x => x with { Approvals = new ApprovalSpec { Required = true, Minimum = 2 } })] };
        return world;
    }

    static async Task Approve(World world, string version, int times = 2, string? statement = null)
    {
        var round = (await world.History()).Round;
        await using var held = await world.Store.LockAsync("staging", new LockRequest { User = "x", Host = "x", ProcessId = 1, Command = "x", Wait = TimeSpan.Zero }, default);
        for (var i = 0; i < times; i++)
            await held.AppendAsync(new JournalEvent.ApprovalGiven(new SignedApproval(statement ?? $"{World.Release(version).Digest} {round}", ""), "x@x"), default);
    }

    static async Task DeployApproved(World world, string version)
    {
        await Approve(world, version);
        await world.Deploy(version);
    }

    [Fact]
    public async Task Without_consent_a_deployment_waits_changes_nothing_and_goes_on_with_it()
    {
        var world = Of();
        await DeployApproved(world, "1.0.0");
        var states = world.Platform.States.Count;
        var waiting = await Should.ThrowAsync<ApprovalPendingException>(() => world.Deploy("1.1.0"));
        waiting.ExitCode.ShouldBe(6);
        waiting.Message.ShouldContain("0 of 2 approvals");
        waiting.Remedy!.ShouldContain(":approve staging");
        world.Platform.States.Count.ShouldBe(states);
        (await world.Status()).ToString().ShouldContain("WAITING FOR APPROVAL: 1.1.0");

        // Again: it still waits, and the journal does not grow by what it knows.
        await Approve(world, "1.1.0", times: 1);
        await Should.ThrowAsync<ApprovalPendingException>(() => world.Deploy("1.1.0"));
        var length = (await world.Store.ReadJournalAsync("staging", default)).Count(x => x.Event is JournalEvent.Awaiting);
        await Should.ThrowAsync<ApprovalPendingException>(() => world.Deploy("1.1.0"));
        (await world.Store.ReadJournalAsync("staging", default)).Count(x => x.Event is JournalEvent.Awaiting).ShouldBe(length);

        await Approve(world, "1.1.0", times: 1);
        await world.Deploy("1.1.0");
        await world.ShouldBeWhole("1.1.0", "approved");
    }

    [Fact]
    public async Task What_was_approved_cannot_be_played_again_after_a_rollback()
    {
        var world = Of();
        await DeployApproved(world, "1.0.0");
        await DeployApproved(world, "1.1.0");
        await world.Rollback();
        await Should.ThrowAsync<ApprovalPendingException>(() => world.Deploy("1.1.0"));
    }

    [Fact]
    public async Task Going_back_needs_nobodys_consent_and_withdraws_what_waits()
    {
        var world = Of();
        await DeployApproved(world, "1.0.0");
        await DeployApproved(world, "1.1.0");
        await Should.ThrowAsync<ApprovalPendingException>(() => world.Deploy("1.2.0"));
        await world.Rollback();
        await world.ShouldBeWhole("1.0.0", "rolled back");
        (await world.Drive(() => world.Deployer().HistoryOfAsync(world.Staging, default))).ShouldContain(x => x.ToString().Contains("WITHDRAWN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_release_withdraws_the_one_that_waits_and_so_does_an_operator()
    {
        var world = Of();
        await DeployApproved(world, "1.0.0");
        await Should.ThrowAsync<ApprovalPendingException>(() => world.Deploy("1.1.0"));
        await Should.ThrowAsync<ApprovalPendingException>(() => world.Deploy("1.2.0"));
        (await world.History()).Unfinished!.Target!.Release.Version.ShouldBe("1.2.0");
        await world.Drive(() => world.Deployer().OperateAsync(world.Staging, OperatorAction.Abort, world.Log.Add, default));
        await world.ShouldBeWhole("1.0.0", "aborted");
    }

    [Fact]
    public async Task Breaking_the_glass_is_loud_and_stands_in_the_journal()
    {
        var world = Of();
        await Approve(world, "1.0.0", times: 1, "glass 0");
        await world.Deploy("1.0.0");
        world.Log.ShouldContain(x => x.StartsWith("THE GLASS WAS BROKEN", StringComparison.Ordinal));
        (await world.Store.ReadJournalAsync("staging", default)).Select(x => x.Event).OfType<JournalEvent.RulesBypassed>().ShouldHaveSingleItem().Rules[0].Rule.ShouldBe(BrokenGlass.Rule);
    }

    [Fact]
    public async Task An_approval_is_asked_for_exactly_what_is_bypassed()
    {
        var world = Of();
        world.File = world.File with { Environments = [.. world.File.Environments.Select(x => x with { Branches = ["main"] })] };
        world.Bypass = "branch: the outage of today";
        await Should.ThrowAsync<ApprovalPendingException>(() => world.Deploy("1.0.0"));
        var request = world.Approvals.Asked[^1];
        request.Bypassed.ShouldBe(["branch"]);
        request.BypassReason.ShouldBe("the outage of today");
    }

    [Fact]
    public async Task Killed_at_every_effect_of_waiting_and_going_on_it_ends_whole()
    {
        for (var index = 0; ; index++)
        {
            var world = Of();
            await DeployApproved(world, "1.0.0");
            var kill = new KillSwitch(index / 2 + 1, afterwards: index % 2 == 1);
            world.UseKillSwitch(kill);
            await Should.ThrowAsync<Exception>(() => world.Deploy("1.1.0"));
            if (!kill.IsDead)
                break;
            world.Memory.ReleaseLocks();
            world.UseKillSwitch(new KillSwitch());
            await Should.ThrowAsync<ApprovalPendingException>(() => world.Deploy("1.1.0"));
            await Approve(world, "1.1.0");
            await Run(world, "deploy 1.1.0", Name(index));
            await world.ShouldBeWhole("1.1.0", Name(index));
        }
    }
}
