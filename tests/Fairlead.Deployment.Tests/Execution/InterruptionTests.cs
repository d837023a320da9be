using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

/// <summary>What one command leaves half-way, and what the next one makes of it.</summary>
public sealed class InterruptionTests
{
    const string TwoWebServices = """
        application: shop
        environments:
          staging:
            services:
              api:
                url: http://127.0.0.1:5080
                replicas: 3
                secrets: { API_KEY: env:API_KEY }
              shop:
                url: http://127.0.0.1:5081
                replicas: 3
        """;

    World _world = new();

    [Theory]
    [InlineData("1.1.0")]
    [InlineData("1.2.0")]
    public async Task Feature_flags_that_were_on_their_way_get_to_their_last_share(string next)
    {
        await Begin(Rollouts.Flags);
        await InterruptAfter("flags 10 %");
        await _world.Deploy(next);
        await _world.ShouldBeWhole(next, next);
        _world.Platform.Flags["new-checkout"].ShouldBe(50);
    }

    [Fact]
    public async Task A_command_that_goes_on_with_the_watch_is_not_overtaken_by_the_guard_of_the_lost_one()
    {
        await Begin(Rollouts.StagedBlueGreen);
        Policy(x => x with { Watch = TimeSpan.FromMinutes(10) });
        await InterruptAfter("switch shop", skip: 2);
        (await _world.Deploy("1.1.0")).Result.ShouldBe(DeploymentResult.Deployed);
        await _world.ShouldBeWhole("1.1.0", "watched");
    }

    [Fact]
    public async Task A_command_that_takes_a_deployment_back_is_not_overtaken_by_the_guard_of_the_lost_one()
    {
        await Begin(Rollouts.GradualBack);
        await InterruptAfter("switch shop", skip: 1);
        _world.Time.Advance(TimeSpan.FromMinutes(4) + TimeSpan.FromSeconds(50));
        await _world.Rollback();
        await _world.ShouldBeWhole("1.0.0", "taken back");
    }

    [Fact]
    public async Task Aborted_after_the_machine_was_lost_the_stable_release_is_brought_up_again()
    {
        await Begin(Rollouts.Canary);
        await InterruptAfter("switch shop");
        _world.Platform.LoseEverything();
        await _world.Drive(() => _world.Deployer().OperateAsync(_world.Staging, OperatorAction.Abort, _world.Log.Add, default));
        await _world.ShouldBeWhole("1.0.0", "aborted");
    }

    [Fact]
    public async Task Traffic_goes_back_also_when_the_flags_cannot_be_written()
    {
        await Begin(Rollouts.Flags);
        _world.Platform.Behaviour = spec => spec.Version == "1.1.0" ? new SimulatedBehaviour { FlaggedErrorRate = 1 } : new SimulatedBehaviour();
        var isOn = false;
        _world.Platform.OnEffect = effect =>
        {
            isOn |= effect == "flags 10 %";
            if (isOn && effect == "flags 0 %")
                throw new UserErrorException("The flags cannot be written: no space left on device");
        };
        await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.1.0"));
        _world.Traffic("shop").ShouldBe("shop.1 100 %");
    }

    [Fact]
    public async Task Traffic_of_every_service_goes_back_also_when_one_cannot_get_its_replicas_back()
    {
        _world = new World(TwoWebServices);
        _world.Secrets["API_KEY"] = "s3cret";
        await Begin(Rollouts.Rolling);
        await InterruptAfter("switch shop");
        // Another person, at night, in another shell.
        _world.Secrets.Clear();
        try
        {
            await _world.Rollback();
        }
        catch (UserErrorException)
        {
            // It may say what is missing.
        }

        _world.Traffic("api").ShouldBe("api.1 100 %");
        _world.Traffic("shop").ShouldBe("shop.2 100 %");
    }

    [Fact]
    public async Task Promoting_an_interrupted_deployment_ends_the_stage_that_waits()
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
        _world.Memory.OnAppend = x =>
        {
            if (x is JournalEvent.StepIntended { Step: "hold shop some" })
                _world.Time.CreateTimer(_ => _world.UseKillSwitch(Dead()), null, TimeSpan.FromSeconds(20), Timeout.InfiniteTimeSpan);
        };
        await Should.ThrowAsync<Exception>(_world.Deploy("1.1.0"));
        Revive();
        var begun = _world.Time.GetUtcNow();
        _world.Time.CreateTimer(_ => _world.Deployer().OperateAsync(_world.Staging, OperatorAction.Promote, _world.Log.Add, default).GetAwaiter().GetResult(), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        await _world.Drive(() => _world.Deployer().OperateAsync(_world.Staging, OperatorAction.Promote, _world.Log.Add, default));
        await _world.ShouldBeWhole("1.1.0", "promoted");
        (_world.Time.GetUtcNow() - begun).ShouldBeLessThan(TimeSpan.FromMinutes(30));
    }

    [Fact]
    public async Task One_sick_replica_of_the_stable_revision_does_not_make_a_canary_go_all_at_once()
    {
        await Begin(Rollouts.Canary);
        var live = (await _world.History()).Live!.Target;
        var state = _world.Platform.State;
        state = state with { Revisions = [state.Revisions[0] with { Phase = RevisionPhase.Unhealthy, HealthyReplicas = 1 }] };
        var wish = TargetResolver.Resolve(_world.Staging, World.Release("1.1.0"), "/flags.json");
        var target = RolloutPlanner.Aim(wish, live, 1, state);
        RolloutPlanner.Plan("staging", OperationKind.Deploy, target, live, state).Steps.OfType<RolloutStep.Analyse>().ShouldNotBeEmpty();
    }

    async Task Begin(string strategy)
    {
        await _world.Deploy("1.0.0");
        _world.UseStrategy(strategy);
    }

    void Policy(Func<RolloutPolicy, RolloutPolicy> change) =>
        _world.File = _world.File with { Environments = [.. _world.File.Environments.Select(x => x with { Policy = change(x.Policy) })] };

    /// <summary>Kills the command less than a second after an effect, or the one so many after it of the same name.</summary>
    async Task InterruptAfter(string effect, int skip = 0)
    {
        var seen = 0;
        _world.Platform.OnEffect = x =>
        {
            if (x == effect && seen++ == skip)
                _world.Time.CreateTimer(_ => _world.UseKillSwitch(Dead()), null, TimeSpan.FromMilliseconds(800), Timeout.InfiniteTimeSpan);
        };
        await Should.ThrowAsync<Exception>(_world.Deploy("1.1.0"));
        seen.ShouldBeGreaterThan(skip);
        _world.Platform.Kill.IsDead.ShouldBeTrue(string.Join("\n", _world.Log));
        Revive();
    }

    void Revive()
    {
        _world.Platform.OnEffect = null;
        _world.Memory.OnAppend = null;
        _world.Memory.ReleaseLocks();
        _world.UseKillSwitch(new KillSwitch());
    }

    static KillSwitch Dead()
    {
        var kill = new KillSwitch(1);
        try
        {
            kill.Run("the end", () => { });
        }
        catch (Exception) when (kill.IsDead)
        {
            // That was the kill.
        }

        return kill;
    }
}
