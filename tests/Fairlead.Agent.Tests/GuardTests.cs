using Fairlead.Tooling;

namespace Fairlead.Agent.Tests;

public sealed class GuardTests : IAsyncDisposable
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    readonly TestAgent _agent = new();

    public ValueTask DisposeAsync() => _agent.DisposeAsync();

    /// <summary>A canary at 10 %, guarded.</summary>
    async Task RollingOutAsync(int stableReplicas = 1, int guarded = 1, bool sticky = false)
    {
        await _agent.BringUpAsync(1, stableReplicas);
        await _agent.BringUpAsync(2);
        await _agent.HealthyAsync(1, stableReplicas);
        await _agent.HealthyAsync(2);
        await _agent.Supervisor.SetWeightsAsync("shop", new WeightsRequest(
            1, new Dictionary<string, int> { ["shop.1"] = 90, ["shop.2"] = 10 }, sticky ? new AffinityMessage("cookie", "who", ["shop.2", "shop.1"]) : null));
        await ArmAsync(guarded);
    }

    Task ArmAsync(int replicas = 1, long token = 1, params GuardedMessage[] others) =>
        _agent.Supervisor.GuardAsync(new GuardRequest(token, new GuardMessage(Limit, [new GuardedMessage("shop", "shop.1", replicas), .. others])));

    [Fact]
    public async Task When_nothing_is_heard_the_traffic_goes_back_and_the_lost_command_is_locked_out()
    {
        await RollingOutAsync(sticky: true);
        _agent.Time.Advance(Limit - TimeSpan.FromSeconds(1));
        _agent.Supervisor.Describe().GuardActedAt.ShouldBeNull();
        _agent.Time.Advance(TimeSpan.FromSeconds(1));
        await Waiting.UntilAsync(() => _agent.Weights.GetValueOrDefault("shop.1") == 100);

        _agent.Supervisor.Describe().GuardActedAt.ShouldBe(_agent.Time.GetUtcNow());
        _agent.Supervisor.Describe().Affinities.ShouldBeEmpty();
        _agent.Written.Token.ShouldBe(2);
        (await Should.ThrowAsync<FencedException>(_agent.SetWeightsAsync(("shop.2", 100)))).Highest.ShouldBe(2);
        await Should.ThrowAsync<FencedException>(ArmAsync());
        _agent.Find(2)!.Phase.ShouldBe("Healthy", "nothing is retired");
        await _agent.RestartAsync();
        _agent.Supervisor.Describe().GuardActedAt.ShouldNotBeNull();
        await _agent.Supervisor.GuardAsync(new GuardRequest(2, null));
        _agent.Supervisor.Describe().GuardActedAt.ShouldBeNull();
    }

    [Fact]
    public async Task A_command_that_is_heard_of_keeps_it_waiting_and_that_is_not_written()
    {
        await RollingOutAsync();
        var written = _agent.WrittenAt;
        for (var i = 0; i < 10; i++)
        {
            _agent.Time.Advance(Limit - TimeSpan.FromSeconds(1));
            await ArmAsync();
        }

        _agent.Weights["shop.2"].ShouldBe(10);
        _agent.WrittenAt.ShouldBe(written);
        _agent.Written.Token.ShouldBe(1);
    }

    [Fact]
    public async Task A_guard_that_was_taken_away_does_nothing()
    {
        await RollingOutAsync();
        await _agent.Supervisor.GuardAsync(new GuardRequest(1, null));
        _agent.Time.Advance(10 * Limit);
        await _agent.SetWeightsAsync(("shop.2", 100));
        _agent.Written.Token.ShouldBe(1);
        _agent.Written.Guard.ShouldBeNull();
    }

    [Fact]
    public async Task After_a_restart_the_full_time_begins_again()
    {
        await RollingOutAsync();
        _agent.Time.Advance(Limit - TimeSpan.FromSeconds(1));
        await _agent.RestartAsync();
        await _agent.HealthyAsync(1);
        _agent.Time.Advance(Limit - TimeSpan.FromSeconds(1));
        await _agent.BringUpAsync(3);
        _agent.Weights["shop.2"].ShouldBe(10);
        _agent.Time.Advance(TimeSpan.FromSeconds(1));
        await Waiting.UntilAsync(() => _agent.Weights.GetValueOrDefault("shop.1") == 100);
    }

    [Fact]
    public async Task A_stable_revision_gets_its_missing_replicas_and_then_all_traffic()
    {
        await RollingOutAsync(stableReplicas: 1, guarded: 3);
        _agent.Time.Advance(Limit);
        await _agent.AdvanceUntilAsync(() => _agent.Weights.GetValueOrDefault("shop.1") == 100);
        _agent.Find(1)!.Replicas.ShouldBe(3);
        _agent.Written.Revisions[0].Replicas.ShouldBe(3);
        await _agent.AdvanceUntilAsync(() => _agent.Find(1)!.HealthyReplicas == 3);
    }

    [Fact]
    public async Task One_that_runs_nowhere_is_started_first_and_gets_its_traffic_when_it_is_healthy()
    {
        await RollingOutAsync();
        await _agent.SetWeightsAsync(("shop.2", 100));
        await _agent.BringUpAsync(1, replicas: 0);
        await Waiting.UntilAsync(() => _agent.Running == 1);
        await _agent.RetireAsync("shop.1", TimeSpan.FromHours(1));
        _agent.Host.Problem = "not ready";
        _agent.Time.Advance(Limit);
        await _agent.AdvanceUntilAsync(() => _agent.Find(1)!.Replicas == 1);
        _agent.Weights["shop.2"].ShouldBe(100, "the new one serves until then");
        _agent.Find(1)!.RetiresAt.ShouldBeNull();

        _agent.Host.Problem = null;
        await _agent.AdvanceUntilAsync(() => _agent.Weights.GetValueOrDefault("shop.1") == 100);
        await _agent.AdvanceUntilAsync(() => _agent.Written.Guard is null);
        _agent.Written.Token.ShouldBe(2);
    }

    [Fact]
    public async Task One_that_never_gets_healthy_leaves_the_traffic_where_it_is()
    {
        await RollingOutAsync();
        await _agent.SetWeightsAsync(("shop.2", 100));
        await _agent.BringUpAsync(1, replicas: 0);
        await Waiting.UntilAsync(() => _agent.Running == 1);
        _agent.Host.Problem = "not ready";
        _agent.Time.Advance(Limit);
        await Waiting.UntilAsync(() =>
        {
            _agent.Time.Advance(TimeSpan.FromSeconds(30));
            return _agent.Written.Guard is null;
        });
        _agent.Weights["shop.2"].ShouldBe(100);
        _agent.Supervisor.Describe().GuardActedAt.ShouldNotBeNull();
        _agent.Log.ShouldContain(x => x.Contains("did not get healthy"));
    }

    [Fact]
    public async Task What_an_agent_that_was_killed_began_the_next_one_ends_at_once()
    {
        await RollingOutAsync();
        await _agent.SetWeightsAsync(("shop.2", 100));
        await _agent.BringUpAsync(1, replicas: 0);
        _agent.Host.Problem = "not ready";
        _agent.Time.Advance(Limit);
        await _agent.AdvanceUntilAsync(() => _agent.Written.Revisions[0].Replicas == 1);
        await _agent.RestartAsync();
        _agent.Host.Problem = null;
        await _agent.AdvanceUntilAsync(() => _agent.Weights.GetValueOrDefault("shop.1") == 100);
        _agent.Written.Token.ShouldBe(2);
    }

    [Fact]
    public async Task Whoever_takes_over_meanwhile_is_not_worked_against()
    {
        await RollingOutAsync();
        await _agent.SetWeightsAsync(("shop.2", 100));
        await _agent.BringUpAsync(1, replicas: 0);
        _agent.Host.Problem = "not ready";
        _agent.Time.Advance(Limit);
        await _agent.AdvanceUntilAsync(() => _agent.Find(1)!.Replicas == 1);
        await _agent.SetWeightsAsync(2, ("shop.2", 100));
        _agent.Host.Problem = null;
        await _agent.AdvanceUntilAsync(() => _agent.Written.Guard is null);
        _agent.Weights["shop.2"].ShouldBe(100);
    }

    [Fact]
    public async Task A_revision_that_is_not_there_is_skipped_and_named_and_the_others_are_served()
    {
        await RollingOutAsync();
        await ArmAsync(1, 1, new GuardedMessage("worker", "worker.7", 1));
        _agent.Time.Advance(Limit);
        await Waiting.UntilAsync(() => _agent.Weights.GetValueOrDefault("shop.1") == 100);
        await _agent.AdvanceUntilAsync(() => _agent.Written.Guard is null);
        _agent.Log.ShouldContain(x => x.Contains("worker.7 is not there"));
    }

    [Fact]
    public async Task A_guard_without_a_time_is_refused() =>
        await Should.ThrowAsync<UserErrorException>(_agent.Supervisor.GuardAsync(new GuardRequest(1, new GuardMessage(TimeSpan.Zero, []))));
}
