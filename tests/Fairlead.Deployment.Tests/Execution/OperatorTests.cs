using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

/// <summary>What people can tell a deployment that is under way, and what the platform does when nobody is there any more.</summary>
public sealed class OperatorTests
{
    readonly World _world = new();

    [Fact]
    public async Task Paused_it_stays_at_its_weights_until_it_is_resumed()
    {
        await Begin(Rollouts.Canary);
        After(TimeSpan.FromSeconds(70), () => Operate(OperatorAction.Pause));
        After(TimeSpan.FromMinutes(30), () =>
        {
            _world.Traffic("shop").ShouldBe("shop.1 50 %, shop.2 50 %");
            return Operate(OperatorAction.Resume);
        });
        (await _world.Deploy("1.1.0")).Result.ShouldBe(DeploymentResult.Deployed);
        await _world.ShouldBeWhole("1.1.0", "resumed");
        _world.Time.GetUtcNow().ShouldBeGreaterThan(new DateTimeOffset(2026, 1, 5, 9, 30, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task Promoted_a_stage_ends_at_once_whatever_its_analysis_says()
    {
        await Begin(Rollouts.Canary);
        _world.Platform.RequestsPerSecond = 0;
        After(TimeSpan.FromSeconds(10), () => Operate(OperatorAction.Promote));
        After(TimeSpan.FromSeconds(20), () => Operate(OperatorAction.Promote));
        (await _world.Deploy("1.1.0")).Result.ShouldBe(DeploymentResult.Deployed);
        await _world.ShouldBeWhole("1.1.0", "promoted");
        var notes = (await _world.Deployer().HistoryOfAsync(_world.Staging, default))[^1].Notes;
        notes.Count(x => x.StartsWith("promoted by ada@desk", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task Aborted_it_goes_back()
    {
        await Begin(Rollouts.Canary);
        After(TimeSpan.FromSeconds(10), () => Operate(OperatorAction.Abort));
        (await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.1.0"))).Message.ShouldContain("ada@desk asked to take the deployment back");
        await _world.ShouldBeWhole("1.0.0", "aborted");
    }

    [Fact]
    public async Task A_stage_that_waits_for_promotion_waits_for_it()
    {
        await Begin(Rollouts.Canary);
        _world.File = _world.File with
        {
            Environments =
            [
                .. _world.File.Environments.Select(x => x with
                {
                    Services = [.. x.Services.Select(y => y with { Strategy = new StrategySpec.Canary { Stages = [new StageSpec { Name = "some", Share = 20, ManualPromotion = true }] } })],
                }),
            ],
        };
        After(TimeSpan.FromHours(5), () => Operate(OperatorAction.Promote));
        (await _world.Deploy("1.1.0")).Result.ShouldBe(DeploymentResult.Deployed);
        _world.Time.GetUtcNow().ShouldBeGreaterThan(new DateTimeOffset(2026, 1, 5, 14, 0, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(OperatorAction.Resume, "1.1.0")]
    [InlineData(OperatorAction.Promote, "1.1.0")]
    [InlineData(OperatorAction.Abort, "1.0.0")]
    public async Task An_interrupted_deployment_is_gone_on_with_or_taken_back_without_the_release_at_hand(OperatorAction action, string version)
    {
        await Begin(Rollouts.Canary);
        await Interrupt(effect: 20);
        await _world.Drive(() => _world.Deployer().OperateAsync(_world.Staging, action, _world.Log.Add, default));
        await _world.ShouldBeWhole(version, action.ToString());
    }

    [Fact]
    public async Task Where_nothing_is_under_way_there_is_nothing_to_tell()
    {
        await Begin(Rollouts.Canary);
        foreach (var action in (OperatorAction[])[OperatorAction.Pause, OperatorAction.Resume, OperatorAction.Promote, OperatorAction.Abort])
            (await Should.ThrowAsync<UserErrorException>(() => Operate(action))).Message.ShouldBe("Nothing is being deployed to staging.");
    }

    [Fact]
    public async Task A_lost_command_gives_the_traffic_back_after_its_time_and_changes_nothing_when_it_wakes_up()
    {
        await Begin(Rollouts.Canary);
        var asleep = _world.Platform;
        await Interrupt(effect: 20);
        _world.Traffic("shop").ShouldBe("shop.1 90 %, shop.2 10 %");
        _world.Time.Advance(TimeSpan.FromMinutes(4));
        _world.Traffic("shop").ShouldBe("shop.1 90 %, shop.2 10 %");
        _world.Time.Advance(TimeSpan.FromMinutes(2));
        _world.Traffic("shop").ShouldBe("shop.1 100 %");
        (await _world.Status()).ToString().ShouldContain("Its command was lost, and the platform gave the traffic back at 2026-01-05 09:0");

        // The token of the lost command is the highest that the store has given, and the platform's own is higher.
        var lost = (await _world.Store.ReadJournalAsync("staging", default))[^1].Token;
        await Should.ThrowAsync<FencedOffException>(() => asleep.SetWeightsAsync("shop", TrafficWeights.AllTo("shop.2"), new FencingToken(lost), default));
        await _world.Deploy("1.1.0");
        await _world.ShouldBeWhole("1.1.0", "the next command");
    }

    [Fact]
    public async Task The_guard_does_not_act_while_the_command_is_there()
    {
        await Begin(Rollouts.Canary);
        After(TimeSpan.FromSeconds(30), () => Operate(OperatorAction.Pause));
        After(TimeSpan.FromHours(3), () => Operate(OperatorAction.Resume));
        (await _world.Deploy("1.1.0")).Result.ShouldBe(DeploymentResult.Deployed);
    }

    [Fact]
    public async Task A_broken_lock_fences_its_holder_off_and_the_journal_says_who_did_it()
    {
        await Begin(Rollouts.Canary);
        After(TimeSpan.FromSeconds(10), async () =>
            (await _world.Deployer().BreakLockAsync(_world.Staging, "the runner hangs", _world.Log.Add, default)).ShouldContain("was taken from ada@desk"));
        await Should.ThrowAsync<FencedOffException>(_world.Deploy("1.1.0"));
        (await _world.Deployer().HistoryOfAsync(_world.Staging, default))[^1].Notes.ShouldContain(x => x.StartsWith("lock broken by ada@desk", StringComparison.Ordinal) && x.EndsWith("the runner hangs", StringComparison.Ordinal));
        await _world.Rollback("1.0.0");
        await _world.ShouldBeWhole("1.0.0", "the next command");
    }

    [Fact]
    public async Task A_fallback_is_kept_for_its_time_and_takes_the_traffic_back_at_once()
    {
        await Begin(Rollouts.StagedBlueGreen);
        await _world.Deploy("1.1.0");
        _world.Platform.State.Find("shop.1").ShouldNotBeNull().RetiresAt.ShouldNotBeNull();
        var before = _world.Time.GetUtcNow();
        await _world.Rollback();
        // Nothing had to be started.
        _world.Time.GetUtcNow().ShouldBe(before);
        await _world.ShouldBeWhole("1.0.0", "the fallback");

        await _world.Deploy("1.1.0");
        _world.Time.Advance(TimeSpan.FromMinutes(11));
        _world.Platform.State.Revisions.ShouldHaveSingleItem().Version.ShouldBe("1.1.0");
    }

    async Task Begin(string strategy)
    {
        await _world.Deploy("1.0.0");
        _world.UseStrategy(strategy);
    }

    Task Operate(OperatorAction action) => _world.Deployer().OperateAsync(_world.Staging, action, _world.Log.Add, default);

    /// <summary>Something happens so long after the deployment has begun to change the platform.</summary>
    void After(TimeSpan time, Func<Task> action)
    {
        var before = _world.Platform.OnEffect;
        var isSet = false;
        _world.Platform.OnEffect = effect =>
        {
            before?.Invoke(effect);
            if (!isSet)
                _world.Time.CreateTimer(_ => action().GetAwaiter().GetResult(), null, time, Timeout.InfiniteTimeSpan);
            isSet = true;
        };
    }

    async Task Interrupt(int effect)
    {
        var kill = new KillSwitch(effect);
        _world.UseKillSwitch(kill);
        await Should.ThrowAsync<Exception>(_world.Deploy("1.1.0"));
        kill.IsDead.ShouldBeTrue();
        _world.Memory.ReleaseLocks();
        _world.UseKillSwitch(new KillSwitch());
    }
}
