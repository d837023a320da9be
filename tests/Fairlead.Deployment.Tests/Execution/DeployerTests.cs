using Fairlead.Releases;
using Fairlead.SupplyChain;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

public sealed class DeployerTests
{
    readonly World _world = new();

    [Fact]
    public async Task A_new_release_gets_the_traffic_and_the_old_one_goes()
    {
        (await _world.Deploy("1.0.0")).ShouldBe(new DeploymentOutcome(DeploymentResult.Deployed, "1.0.0", "shop 1.0.0 is live on staging."));
        (await _world.Deploy("1.1.0")).Result.ShouldBe(DeploymentResult.Deployed);
        await _world.ShouldBeWhole("1.1.0", "deployed twice");
        _world.Traffic("shop").ShouldBe("shop.2 100 %");
        _world.ShouldAlwaysHaveServedUnlessTakenBack("1.0.0", "deployed twice");
    }

    [Fact]
    public async Task The_same_release_again_changes_nothing()
    {
        await _world.Deploy("1.0.0");
        var effects = _world.Platform.States.Count;
        var entries = (await _world.Store.ReadJournalAsync("staging", default)).Length;
        (await _world.Deploy("1.0.0")).ShouldBe(new DeploymentOutcome(DeploymentResult.AlreadyLive, "1.0.0", "shop 1.0.0 is already live on staging; nothing was changed."));
        _world.Platform.States.Count.ShouldBe(effects);
        (await _world.Store.ReadJournalAsync("staging", default)).Length.ShouldBe(entries);
    }

    [Fact]
    public async Task Another_configuration_of_the_same_release_is_a_new_revision()
    {
        await _world.Deploy("1.0.0");
        _world.File = EnvironmentsFile.Parse(World.OneService.Replace("replicas: 2", "replicas: 3", StringComparison.Ordinal), "environments.yml", "shop");
        (await _world.Deploy("1.0.0")).Result.ShouldBe(DeploymentResult.Deployed);
        _world.Platform.State.Revisions.ShouldHaveSingleItem().Replicas.ShouldBe(3);
    }

    [Fact]
    public async Task After_the_machine_was_restarted_what_the_platform_still_has_is_taken_up_again()
    {
        await _world.Deploy("1.0.0");
        _world.Platform.FallAsleep();
        (await _world.Status()).IsWell.ShouldBeFalse();
        (await _world.Deploy("1.0.0")).Result.ShouldBe(DeploymentResult.AlreadyLive);
        await _world.ShouldBeWhole("1.0.0", "woken");
        _world.Traffic("shop").ShouldBe("shop.1 100 %");
        _world.Platform.FallAsleep();
        (await _world.Deploy("1.1.0")).Result.ShouldBe(DeploymentResult.Deployed);
        await _world.ShouldBeWhole("1.1.0", "woken by another release");
        _world.Platform.FallAsleep();
        (await _world.Rollback()).Version.ShouldBe("1.0.0");
        await _world.ShouldBeWhole("1.0.0", "woken by rollback");
    }

    [Fact]
    public async Task When_the_platform_dies_under_a_deployment_the_old_release_is_started_again()
    {
        await _world.Deploy("1.0.0");
        var slept = false;
        _world.Memory.OnAppend = x =>
        {
            if (x is JournalEvent.StepIntended { Step: "await shop.2" } && !slept)
            {
                slept = true;
                _world.Platform.FallAsleep();
            }
        };
        (await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.1.0"))).Message.ShouldContain("shop.2 has vanished from staging");
        await _world.ShouldBeWhole("1.0.0", "died");
    }

    [Fact]
    public async Task A_port_that_is_taken_after_the_restart_is_got_over_by_another_port()
    {
        await _world.Deploy("1.0.0");
        _world.Platform.FallAsleep();
        _world.File = EnvironmentsFile.Parse(World.OneService.Replace("5080", "5081", StringComparison.Ordinal), "environments.yml", "shop");
        var prepared = 0;
        _world.Platform.OnEffect = x =>
        {
            if (x == "prepare" && ++prepared == 1)
                throw new UserErrorException("Port 5080 is taken by process 4711.");
        };
        (await _world.Deploy("1.0.0")).Result.ShouldBe(DeploymentResult.Deployed);
        _world.Log.ShouldContain("Port 5080 is taken by process 4711.");
        _world.Platform.Endpoints.ShouldHaveSingleItem().Url.ShouldBe(new Uri("http://127.0.0.1:5081"));
        await _world.ShouldBeWhole("1.0.0", "another port");
    }

    [Fact]
    public async Task On_a_new_machine_the_same_release_is_brought_up_again()
    {
        await _world.Deploy("1.0.0");
        _world.Platform.LoseEverything();
        (await _world.Status()).IsWell.ShouldBeFalse();
        (await _world.Deploy("1.0.0")).Result.ShouldBe(DeploymentResult.Deployed);
        await _world.ShouldBeWhole("1.0.0", "restarted");
        _world.Traffic("shop").ShouldBe("shop.2 100 %");
    }

    [Fact]
    public async Task A_lost_journal_is_got_over_without_a_moment_of_no_service()
    {
        await _world.Deploy("1.0.0");
        _world.Store = new InMemoryDeploymentStore(_world.Time);
        var token = await _world.Store.LockAsync("staging", new LockRequest { User = "a", Host = "b", ProcessId = 1, Command = "c", Wait = default }, default);
        await token.DisposeAsync();
        (await _world.Deploy("1.1.0")).Result.ShouldBe(DeploymentResult.Deployed);
        await _world.ShouldBeWhole("1.1.0", "lost journal");
        _world.Traffic("shop").ShouldBe("shop.2 100 %");
        _world.ShouldAlwaysHaveServedUnlessTakenBack("1.0.0", "lost journal");
    }

    [Fact]
    public async Task A_release_that_never_gets_healthy_goes_and_the_old_one_serves_on()
    {
        await _world.Deploy("1.0.0");
        _world.Platform.Behaviour = x => x.Version == "1.1.0" ? new SimulatedBehaviour { Crashes = true } : new SimulatedBehaviour();
        var before = _world.Time.GetUtcNow();
        var error = await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.1.0"));
        (_world.Time.GetUtcNow() - before).ShouldBeInRange(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(61));
        error.Display.ReplaceLineEndings("\n").ShouldBe("""
            shop.2 (1.1.0) did not get healthy on staging within 1m: 0 of 2 replicas are healthy.
            Replica 1 ended with exit code 134. It wrote last:
              Unhandled exception: no database
            1.0.0 goes on serving staging; 1.1.0 has been taken away.
              → Mend it and deploy again; ':status' shows what is live.
            """);
        await _world.ShouldBeWhole("1.0.0", "never healthy");
        _world.Platform.States.ShouldAllBe(x => x.WeightsOf("shop") == TrafficWeights.None || x.WeightsOf("shop") == TrafficWeights.AllTo("shop.1"));
    }

    [Fact]
    public async Task When_the_old_release_has_fallen_too_the_message_does_not_say_that_it_goes_on_serving()
    {
        await _world.Deploy("1.0.0");
        _world.Platform.Behaviour = _ => new SimulatedBehaviour { Crashes = true };
        var error = await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.1.0"));
        error.Message.ShouldContain("1.0.0 should serve staging again, but shop.1 is unhealthy; 1.1.0 has been taken away.");
    }

    [Fact]
    public async Task When_the_old_release_has_vanished_it_is_brought_up_again_from_what_is_kept()
    {
        await _world.Deploy("1.0.0");
        _world.Platform.Behaviour = x => x.Version == "1.1.0" ? new SimulatedBehaviour { Crashes = true } : new SimulatedBehaviour();
        _world.Platform.OnEffect = x =>
        {
            if (x == "bring-up shop.2")
                _world.Platform.LoseEverything();
        };
        var error = await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.1.0"));
        error.Message.ShouldContain("1.0.0 goes on serving staging");
        await _world.ShouldBeWhole("1.0.0", "brought up again");
        _world.Traffic("shop").ShouldBe("shop.3 100 %");
    }

    [Fact]
    public async Task When_neither_the_new_nor_the_old_release_can_be_had_that_is_said()
    {
        await _world.Deploy("1.0.0");
        _world.Platform.Behaviour = _ => new SimulatedBehaviour { Crashes = true };
        _world.Platform.OnEffect = x =>
        {
            if (x == "bring-up shop.2")
                _world.Platform.LoseEverything();
        };
        var error = await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.1.0"));
        error.Message.ShouldContain("1.0.0 should serve staging again, but shop.1 is not there");
        (await _world.History()).Unfinished.ShouldBeNull();
    }

    [Fact]
    public async Task What_was_verified_is_looked_up_again_when_the_lock_was_waited_for()
    {
        _world.File = EnvironmentsFile.Parse(
            "environments: { staging: { url: 'http://127.0.0.1:5080' }, preview: { url: 'http://127.0.0.1:5090', requires_verified_on: staging } }", "environments.yml", "shop");
        _world.File.Problems.ShouldBeEmpty();
        await _world.Deploy("1.0.0");
        await _world.Deploy("1.1.0");
        _world.Store = new WaitedFor(_world.Memory, "preview", () => _world.Deployer().RollbackAsync(_world.Staging, null, _ => { }, default));
        var error = await Should.ThrowAsync<ProblemsException>(_world.Deploy("1.1.0", "preview"));
        error.Problems.ShouldHaveSingleItem().Message.ShouldContain("has not been verified on staging");
        (await _world.History("preview")).Live.ShouldBeNull();
    }

    /// <summary>Something happens while the lock of an environment is waited for.</summary>
    sealed class WaitedFor(IDeploymentStore store, string waitsFor, Func<Task> meanwhile) : IDeploymentStore
    {
        public Task<System.Collections.Immutable.ImmutableArray<JournalEntry>> ReadJournalAsync(string environment, CancellationToken cancellationToken) => store.ReadJournalAsync(environment, cancellationToken);

        public Task<LockHolder?> FindHolderAsync(string environment, CancellationToken cancellationToken) => store.FindHolderAsync(environment, cancellationToken);

        public async Task<IDeploymentLock> LockAsync(string environment, LockRequest request, CancellationToken cancellationToken)
        {
            if (environment == waitsFor)
                await meanwhile();
            return await store.LockAsync(environment, request, cancellationToken);
        }

        public Task<bool> RequestAsync(string environment, OperatorAction action, string by, CancellationToken cancellationToken) => store.RequestAsync(environment, action, by, cancellationToken);

        public Task<OperatorRequest?> ReadRequestAsync(string environment, CancellationToken cancellationToken) => store.ReadRequestAsync(environment, cancellationToken);

        public Task<LockHolder?> BreakLockAsync(string environment, CancellationToken cancellationToken) => store.BreakLockAsync(environment, cancellationToken);

        public AbsolutePath? FindArtifact(string environment, string digest) => store.FindArtifact(environment, digest);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_interrupted_end_is_not_finished_over_a_new_release_that_has_fallen(bool oldIsGone)
    {
        await _world.Deploy("1.0.0");
        var probing = new World();
        await probing.Deploy("1.0.0");
        probing.UseKillSwitch(new KillSwitch());
        await probing.Deploy("1.1.0");
        var retire = probing.Memory.Kill.Effects.ToList().IndexOf("retire shop.1") + 1;
        _world.UseKillSwitch(new KillSwitch(retire, afterwards: oldIsGone));
        await Should.ThrowAsync<SimulatedKillException>(_world.Deploy("1.1.0"));
        _world.Memory.ReleaseLocks();
        _world.UseKillSwitch(new KillSwitch());
        _world.Platform.Behaviour = x => x.Version == "1.1.0" ? new SimulatedBehaviour { Crashes = true } : new SimulatedBehaviour();

        await _world.Deploy("1.2.0");

        await _world.ShouldBeWhole("1.2.0", "the new one had fallen");
        var effects = _world.Memory.Kill.Effects;
        if (!oldIsGone)
            effects.ToList().IndexOf("switch shop").ShouldBeLessThan(effects.ToList().IndexOf("retire shop.1"), "the healthy old one gets the traffic first");
        else
            effects.ToList().IndexOf("switch shop").ShouldBeLessThan(effects.ToList().IndexOf("retire shop.2"));
    }

    [Fact]
    public async Task A_first_release_that_never_gets_healthy_leaves_nothing_behind()
    {
        _world.Platform.Behaviour = _ => new SimulatedBehaviour { HealthyAfter = null };
        var error = await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.0.0"));
        error.Message.ShouldContain("Nothing is live on staging; 1.0.0 has been taken away.");
        await _world.ShouldBeWhole(null, "first one bad");
        _world.Platform.Endpoints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_release_that_does_not_answer_through_the_public_address_gives_the_traffic_back()
    {
        await _world.Deploy("1.0.0");
        _world.Platform.Behaviour = x => x.Version == "1.1.0" ? new SimulatedBehaviour { AnswersClients = "500 Internal Server Error" } : new SimulatedBehaviour();
        var error = await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.1.0"));
        error.Message.ShouldContain("shop.2 got the traffic of staging, but http://127.0.0.1:5080/ready did not answer well within 10s: 500 Internal Server Error.");
        error.Message.ShouldContain("1.0.0 goes on serving staging");
        await _world.ShouldBeWhole("1.0.0", "bad answers");
        (await _world.History()).Verified.Keys.ShouldBe([World.Release("1.0.0").Digest]);
    }

    [Fact]
    public async Task One_of_two_services_that_falls_while_the_other_starts_keeps_all_traffic_where_it_was()
    {
        var world = new World(World.TwoServices);
        await world.Deploy("1.0.0");
        world.Platform.Behaviour = x => (x.Version, x.Revision.Service) switch
        {
            ("1.1.0", "api") => new SimulatedBehaviour { UnhealthyAfter = TimeSpan.FromSeconds(5) },
            ("1.1.0", _) => new SimulatedBehaviour { HealthyAfter = TimeSpan.FromSeconds(10) },
            _ => new SimulatedBehaviour(),
        };
        var error = await Should.ThrowAsync<UserErrorException>(world.Deploy("1.1.0"));
        error.Message.ShouldStartWith("api.3 (1.1.0) was healthy on staging and is not any more: 0 of 1 replicas are healthy.");
        await world.ShouldBeWhole("1.0.0", "fell again");
        world.Platform.States.ShouldAllBe(x => x.WeightsOf("api").Of("api.3") == 0);
    }

    [Fact]
    public async Task Whatever_the_platform_refuses_before_the_switch_the_old_revision_serves_on()
    {
        foreach (var effect in (string[])["prepare", "bring-up shop.2", "switch shop"])
        {
            var world = new World();
            await world.Deploy("1.0.0");
            var refused = false;
            world.Platform.OnEffect = x =>
            {
                // Only once: the platform takes back what it refused to do.
                if (x != effect || refused)
                    return;
                refused = true;
                throw new UserErrorException("Port 5080 is taken by process 4711.", "Stop it, or choose another port.");
            };
            var error = await Should.ThrowAsync<UserErrorException>(world.Deploy("1.1.0"), effect);
            error.Message.ShouldStartWith("Port 5080 is taken by process 4711.");
            error.Remedy.ShouldBe("Stop it, or choose another port.");
            await world.ShouldBeWhole("1.0.0", effect);
        }
    }

    [Fact]
    public async Task When_clearing_up_fails_the_new_release_stays_and_the_next_command_finishes()
    {
        await _world.Deploy("1.0.0");
        _world.Platform.OnEffect = x =>
        {
            if (x.StartsWith("retire", StringComparison.Ordinal))
                throw new IOException("No answer.");
        };
        var error = await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.1.0"));
        error.Message.ShouldBe("1.1.0 has all traffic of staging and answers, but clearing up after it failed: No answer.");
        _world.Traffic("shop").ShouldBe("shop.2 100 %");
        _world.Platform.OnEffect = null;
        (await _world.Deploy("1.1.0")).Result.ShouldBe(DeploymentResult.Deployed);
        await _world.ShouldBeWhole("1.1.0", "cleared up");
    }

    [Fact]
    public async Task When_taking_back_fails_too_the_message_says_how_to_go_on_and_rollback_does()
    {
        await _world.Deploy("1.0.0");
        _world.Platform.Behaviour = x => x.Version == "1.1.0" ? new SimulatedBehaviour { AnswersClients = "500" } : new SimulatedBehaviour();
        var switches = 0;
        _world.Platform.OnEffect = x =>
        {
            if (x == "switch shop" && ++switches > 1)
                throw new IOException("No answer.");
        };
        var error = await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.1.0"));
        error.Message.ShouldContain("Taking it back did not succeed either: No answer.");
        error.Remedy.ShouldNotBeNull().ShouldContain(":rollback staging");
        _world.Platform.OnEffect = null;
        (await _world.Rollback()).ShouldBe(new DeploymentOutcome(DeploymentResult.RolledBack, "1.0.0", "shop 1.0.0 is live on staging."));
        await _world.ShouldBeWhole("1.0.0", "rolled back");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task Cancelled_before_the_switch_the_old_release_serves_on(int afterEffects)
    {
        await _world.Deploy("1.0.0");
        using var source = new CancellationTokenSource();
        var entries = 0;
        _world.Memory.OnAppend = _ =>
        {
            if (++entries == afterEffects)
                source.Cancel();
        };
        await Should.ThrowAsync<OperationCanceledException>(_world.Deploy("1.1.0", cancellationToken: source.Token));
        await _world.ShouldBeWhole("1.0.0", "cancelled");
    }

    [Fact]
    public async Task Cancelled_after_the_switch_the_traffic_goes_back()
    {
        await _world.Deploy("1.0.0");
        using var source = new CancellationTokenSource();
        _world.Platform.OnEffect = x =>
        {
            if (x == "switch shop")
                source.Cancel();
        };
        await Should.ThrowAsync<OperationCanceledException>(_world.Deploy("1.1.0", cancellationToken: source.Token));
        await _world.ShouldBeWhole("1.0.0", "cancelled while it was under way");
    }

    [Fact]
    public async Task Cancelled_while_the_old_revision_goes_the_deployment_is_brought_to_its_end()
    {
        await _world.Deploy("1.0.0");
        using var source = new CancellationTokenSource();
        _world.Platform.OnEffect = x =>
        {
            if (x == "retire shop.1")
                source.Cancel();
        };
        (await _world.Deploy("1.1.0", cancellationToken: source.Token)).Result.ShouldBe(DeploymentResult.Deployed);
        await _world.ShouldBeWhole("1.1.0", "cancelled too late");
    }

    [Fact]
    public async Task With_a_full_disk_nothing_goes_forward_and_traffic_is_given_back_all_the_same()
    {
        await _world.Deploy("1.0.0");
        _world.Memory.OnAppend = x =>
        {
            if (x is JournalEvent.StepIntended { Step: "verify shop" } or JournalEvent.UndoStarted or JournalEvent.StepDone or JournalEvent.OperationFinished
                || x is JournalEvent.StepIntended { Step: "switch shop" or "retire shop.2" } && _world.Traffic("shop") == "shop.2 100 %")
            {
                throw new IOException("No space left on device");
            }
        };
        // The step before the switch cannot be noted as done either: let the disk fill up exactly at the switch.
        var full = _world.Memory.OnAppend;
        _world.Memory.OnAppend = x =>
        {
            if (_world.Traffic("shop") != "shop.1 100 %")
                full(x);
        };
        var error = await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.1.0"));
        error.Message.ShouldContain("No space left on device");
        _world.Traffic("shop").ShouldBe("shop.1 100 %");
        _world.Memory.OnAppend = null;
        await _world.Deploy("1.2.0");
        await _world.ShouldBeWhole("1.2.0", "space again");
    }

    [Fact]
    public async Task A_holder_that_was_overtaken_changes_nothing_more()
    {
        await _world.Deploy("1.0.0");
        var overtaken = false;
        _world.Platform.OnEffect = x =>
        {
            if (x == "bring-up shop.2" && !overtaken)
            {
                overtaken = true;
                throw new FencedOffException(new FencingToken(2), new FencingToken(3));
            }
        };
        var entries = (await _world.Store.ReadJournalAsync("staging", default)).Length;
        var error = await Should.ThrowAsync<FencedOffException>(_world.Deploy("1.1.0"));
        error.Message.ShouldContain("Another deployment has taken over");
        var journal = await _world.Store.ReadJournalAsync("staging", default);
        journal.Skip(entries).Select(x => x.Event).Last().ShouldBe(new JournalEvent.StepIntended("bring-up shop.2"));
    }

    [Fact]
    public async Task A_paused_holder_is_refused_by_the_platform()
    {
        await _world.Deploy("1.0.0");
        await _world.Platform.PrepareAsync([], new FencingToken(9), default);
        await Should.ThrowAsync<FencedOffException>(_world.Deploy("1.1.0"));
        _world.Traffic("shop").ShouldBe("shop.1 100 %");
    }

    [Fact]
    public async Task Revisions_that_nobody_knows_are_retired_also_when_there_is_nothing_else_to_do()
    {
        await _world.Deploy("1.0.0");
        var stray = new RevisionSpec
        {
            Revision = new Revision("shop", 7, "sha256:a", "sha256:b"),
            Version = "0.9.0",
            ArtifactFile = World.ArtifactDirectory / "shop-1.0.0.tar.gz",
            Command = ["x"],
        };
        await _world.Platform.BringUpAsync(stray, new FencingToken(1), default);
        await _world.Deploy("1.0.0");
        await _world.ShouldBeWhole("1.0.0", "stray");
    }

    [Fact]
    public async Task Rollback_goes_down_the_releases_one_by_one_and_never_back_up()
    {
        foreach (var version in (string[])["1.0.0", "1.1.0", "1.2.0"])
            await _world.Deploy(version);
        (await _world.Rollback()).Version.ShouldBe("1.1.0");
        (await _world.Rollback()).Version.ShouldBe("1.0.0");
        await _world.ShouldBeWhole("1.0.0", "rolled back twice");
        var error = await Should.ThrowAsync<UserErrorException>(_world.Rollback());
        error.Display.ReplaceLineEndings("\n").ShouldBe("""
            There is nothing before 1.0.0 on staging to go back to.
              → At hand: 1.1.0, 1.2.0. Choose with '--to VERSION'.
            """);
        (await _world.Rollback("1.2.0")).Version.ShouldBe("1.2.0");
        (await _world.Rollback()).Version.ShouldBe("1.0.0");
    }

    [Fact]
    public async Task Rollback_needs_neither_the_clone_nor_the_environments_file_of_then()
    {
        await _world.Deploy("1.0.0");
        await _world.Deploy("1.1.0");
        _world.File = EnvironmentsFile.Parse("environments: { staging: { url: 'http://127.0.0.1:6000', replicas: 5 } }", "environments.yml", "shop");
        await _world.Rollback();
        _world.Platform.State.Revisions.ShouldHaveSingleItem().Replicas.ShouldBe(2);
        _world.Platform.Endpoints.ShouldHaveSingleItem().Url.ShouldBe(new Uri("http://127.0.0.1:5080"));
    }

    [Fact]
    public async Task A_release_that_fails_at_a_new_address_leaves_the_old_address_open_all_the_time_and_alone_in_the_end()
    {
        await _world.Deploy("1.0.0");
        _world.File = EnvironmentsFile.Parse(World.OneService.Replace("5080", "5081", StringComparison.Ordinal), "environments.yml", "shop");
        _world.Platform.Behaviour = x => x.Version == "1.1.0" ? new SimulatedBehaviour { Crashes = true } : new SimulatedBehaviour();
        List<bool> open = [];
        _world.Platform.OnEffect = _ => open.Add(_world.Platform.Endpoints.Any(x => x.Url!.Port == 5080));
        await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.1.0"));
        open.ShouldAllBe(x => x);
        _world.Platform.Endpoints.ShouldHaveSingleItem().Url!.Port.ShouldBe(5080);
    }

    [Fact]
    public async Task A_service_can_be_renamed_and_keeps_its_address_served()
    {
        await _world.Deploy("1.0.0");
        _world.File = EnvironmentsFile.Parse("environments: { staging: { services: { store: { artifact: shop, url: 'http://127.0.0.1:5080' } } } }", "environments.yml", "shop");
        List<string?> answers = [];
        _world.Platform.OnEffect = _ => answers.Add(_world.Platform.AskAsync(new Uri("http://127.0.0.1:5080"), default).Result);
        await _world.Deploy("1.1.0");
        answers.ShouldAllBe(x => x == null);
        _world.Platform.Endpoints.ShouldHaveSingleItem().Service.ShouldBe("store");
    }

    [Fact]
    public async Task Rollback_to_a_release_that_is_not_kept_says_which_are()
    {
        foreach (var version in (string[])["1.0.0", "1.1.0", "1.2.0", "2.0.0"])
            await _world.Deploy(version);
        _world.Memory.ArtifactsOf("staging").Count.ShouldBe(3);
        var error = await Should.ThrowAsync<UserErrorException>(_world.Rollback("1.0.0"));
        error.Message.ShouldBe("staging cannot be rolled back to 1.0.0: no such release is kept.");
        error.Remedy.ShouldBe("At hand: 1.2.0, 1.1.0. Choose with '--to VERSION'.");
        (await _world.Rollback("2.0.0")).Version.ShouldBe("2.0.0");
    }

    [Fact]
    public async Task Rollback_of_nothing_says_so() =>
        (await Should.ThrowAsync<UserErrorException>(_world.Rollback())).Message.ShouldBe("Nothing is live on staging.");

    [Fact]
    public async Task Down_stops_everything_and_what_was_live_can_be_had_back()
    {
        await _world.Deploy("1.0.0");
        (await _world.Down()).Result.ShouldBe(DeploymentResult.Down);
        await _world.ShouldBeWhole(null, "down");
        _world.Platform.Endpoints.ShouldBeEmpty();
        (await _world.Rollback("1.0.0")).Version.ShouldBe("1.0.0");
        await _world.ShouldBeWhole("1.0.0", "back");
        _world.Traffic("shop").ShouldBe("shop.2 100 %");
    }

    [Fact]
    public async Task Down_is_refused_on_a_protected_environment()
    {
        var error = await Should.ThrowAsync<UserErrorException>(_world.Deployer().DownAsync(_world.File.Environment("production"), _ => { }, default));
        error.Message.ShouldBe("production is protected and is not stopped by a command.");
    }

    [Fact]
    public async Task Production_wants_the_same_release_verified_on_staging_and_the_verdicts_passed()
    {
        var release = World.Release("1.0.0", new Verdict(VerdictKinds.Tests, VerdictOutcome.Failed, "3 of 120 tests failed."), new Verdict(VerdictKinds.Scan, VerdictOutcome.NotDone, "Trivy is not installed.")) with { Dirty = true };
        var problems = await _world.Preconditions(release, "production");
        problems.Select(x => x.ToString().ReplaceLineEndings("\n")).ShouldBe(
        [
            "shop 1.0.0 was built from a work tree with changes that are in no commit, and production is protected.\n  → Commit the changes and package the release again.",
            $"shop 1.0.0 ({release.Digest[..19]}) has not been verified on staging, or was rolled back there since; production requires it.\n  → Deploy this same release to staging first.",
            "The verdict 'sbom' of shop 1.0.0 was not done, and production requires it: The release manifest has no such verdict.\n  → Make it possible (install its tool, do not skip its target) and package again: ./build.sh Package",
            "The verdict 'scan' of shop 1.0.0 was not done, and production requires it: Trivy is not installed.\n  → Make it possible (install its tool, do not skip its target) and package again: ./build.sh Package",
            "The signatures of shop 1.0.0 are missing or cannot be checked, and production requires them. The release manifest has no such verdict.",
            "The verdict 'tests' of shop 1.0.0 is failed: 3 of 120 tests failed.\n  → Mend what it found, or run it again, and package again: ./build.sh Package",
        ]);
        (await Should.ThrowAsync<ProblemsException>(_world.Deploy(release, "production"))).Problems.Count.ShouldBe(6);
        _world.Platform.States.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_staging_verified_may_go_to_production_until_it_is_rolled_back_there()
    {
        var verdicts = ((string[])[VerdictKinds.Tests, VerdictKinds.Scan, VerdictKinds.Sbom, VerdictKinds.Signatures]).Select(x => new Verdict(x, VerdictOutcome.Passed, "Good.")).ToArray();
        await _world.Deploy(World.Release("1.0.0", verdicts));
        (await _world.Preconditions(World.Release("1.0.0", verdicts), "production")).ShouldBeEmpty();
        (await _world.Preconditions(World.Release("1.1.0", verdicts), "production")).ShouldHaveSingleItem().Message.ShouldContain("has not been verified on staging");
        await _world.Deploy(World.Release("1.1.0", verdicts));
        (await _world.Preconditions(World.Release("1.1.0", verdicts), "production")).ShouldBeEmpty();
        await _world.Rollback();
        (await _world.Preconditions(World.Release("1.1.0", verdicts), "production")).ShouldHaveSingleItem().Message.ShouldContain("rolled back there since");
        (await _world.Preconditions(World.Release("1.0.0", verdicts), "production")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_verdict_that_an_exception_made_pass_ends_with_it()
    {
        var today = DateOnly.FromDateTime(_world.Time.GetUtcNow().UtcDateTime);
        Verdict Until(DateOnly day) => new(VerdictKinds.Scan, VerdictOutcome.Passed, "One is excepted.") { ValidUntil = day };
        (await _world.Preconditions(World.Release("1.0.0", Until(today)))).ShouldBeEmpty();
        (await _world.Preconditions(World.Release("1.0.0", Until(today.AddDays(-1))))).ShouldHaveSingleItem()
            .Message.ShouldBe($"The verdict 'scan' of shop 1.0.0 counted until {today.AddDays(-1):yyyy-MM-dd}: an exception that made it pass has ended.");
    }

    [Fact]
    public async Task Staging_takes_what_was_not_done_and_says_so_loudly_but_nothing_that_failed()
    {
        await _world.Deploy(World.Release("1.0.0", new Verdict(VerdictKinds.Scan, VerdictOutcome.NotDone, "Trivy is not installed.")));
        _world.Log.ShouldContain("WARNING: 'scan' was NOT DONE for 1.0.0: Trivy is not installed.");
        (await _world.Preconditions(World.Release("1.1.0", new Verdict("licences", VerdictOutcome.Failed, "GPL.")))).ShouldHaveSingleItem()
            .Message.ShouldBe("The verdict 'licences' of shop 1.1.0 is failed: GPL.");
    }

    [Fact]
    public async Task Artifacts_that_are_missing_or_changed_are_named()
    {
        var release = World.Release("1.0.0");
        var changed = release with { Artifacts = [release.Artifact("shop")! with { Digest = World.Hash("other") }] };
        (await _world.Preconditions(changed)).ShouldHaveSingleItem().Message.ShouldContain("is not the artifact 'shop' that was released");
        var missing = release with { Artifacts = [release.Artifact("shop")! with { Location = "nowhere.tar.gz" }] };
        (await _world.Preconditions(missing)).ShouldHaveSingleItem().Message.ShouldContain("nowhere.tar.gz");
        var outside = release with { Artifacts = [release.Artifact("shop")! with { Location = "../outside.tar.gz" }] };
        (await _world.Preconditions(outside)).ShouldHaveSingleItem().Message.ShouldContain("outside the release's directory");
        var misspelt = release with { Artifacts = [release.Artifact("shop")! with { Name = "shoop" }] };
        (await _world.Preconditions(misspelt)).ShouldHaveSingleItem().Remedy.ShouldBe("Did you mean 'shoop'?");
        var sbom = release with { Artifacts = [release.Artifact("shop")! with { Kind = ArtifactKinds.Sbom }] };
        (await _world.Preconditions(sbom)).ShouldHaveSingleItem().Message.ShouldContain("cannot run");
        var noEntry = release with { Artifacts = [release.Artifact("shop")! with { EntryPoint = null }] };
        (await _world.Preconditions(noEntry)).ShouldHaveSingleItem().Remedy.ShouldNotBeNull().ShouldContain("command:");
        var other = release with { Application = "other" };
        (await _world.Preconditions(other)).ShouldHaveSingleItem().Message.ShouldContain("'other'");
    }

    [Fact]
    public async Task The_plan_of_a_deployment_can_be_seen_without_doing_it()
    {
        var plan = await _world.Drive(() => _world.Deployer().PlanAsync(_world.Staging, World.Release("1.0.0"), default));
        plan.ToString().ShouldStartWith("Deploy shop 1.0.0 to staging, blue-green\n  1  prepare");
        _world.Platform.States.ShouldBeEmpty();
        (await _world.Store.ReadJournalAsync("staging", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task On_real_files_a_second_clone_continues_what_the_first_began()
    {
        var root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-state-").FullName);
        try
        {
            _world.Store = new FileDeploymentStore(root, "shop", _world.Time);
            await _world.Deploy("1.0.0");
            _world.Platform.Kill = new KillSwitch(3);
            await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.1.0"));
            _world.Platform.Kill = new KillSwitch();
            _world.Store = new FileDeploymentStore(root, "shop", _world.Time);
            (await _world.Deploy("1.1.0")).Result.ShouldBe(DeploymentResult.Deployed);
            await _world.ShouldBeWhole("1.1.0", "second clone");
            (await _world.Rollback()).Version.ShouldBe("1.0.0");
            await _world.ShouldBeWhole("1.0.0", "rolled back");
        }
        finally
        {
            root.DeleteDirectory();
        }
    }
}
