namespace Fairlead.Agent.Tests;

public sealed class DeferredRetirementTests : IAsyncDisposable
{
    static readonly TimeSpan Fallback = TimeSpan.FromMinutes(15);

    readonly TestAgent _agent = new();

    public ValueTask DisposeAsync() => _agent.DisposeAsync();

    async Task SwitchedAsync()
    {
        await _agent.BringUpAsync(1);
        await _agent.BringUpAsync(2);
        await _agent.SetWeightsAsync(("shop.2", 100));
        await _agent.HealthyAsync(1);
        await _agent.HealthyAsync(2);
    }

    [Fact]
    public async Task It_is_noted_shown_and_done_when_the_time_is_over()
    {
        await SwitchedAsync();
        var due = _agent.Time.GetUtcNow() + Fallback;
        await _agent.RetireAsync("shop.1", Fallback);
        _agent.Find(1)!.RetiresAt.ShouldBe(due);
        _agent.Find(2)!.RetiresAt.ShouldBeNull();
        _agent.Written.Retirements["shop.1"].ShouldBe(due);

        _agent.Time.Advance(Fallback - TimeSpan.FromSeconds(1));
        _agent.Find(1)!.Phase.ShouldBe("Healthy");
        _agent.Time.Advance(TimeSpan.FromSeconds(1));
        await Waiting.UntilAsync(() => _agent.Find(1) is null);
        _agent.Written.Retirements.ShouldBeEmpty();
        _agent.Written.Revisions.ShouldHaveSingleItem().Ordinal.ShouldBe(2);
    }

    [Fact]
    public async Task Repeated_calls_do_not_put_it_off_and_one_without_a_time_does_it_now()
    {
        await SwitchedAsync();
        await _agent.RetireAsync("shop.1", Fallback);
        var due = _agent.Find(1)!.RetiresAt;
        _agent.Time.Advance(TimeSpan.FromMinutes(1));
        await _agent.RetireAsync("shop.1", Fallback);
        _agent.Find(1)!.RetiresAt.ShouldBe(due);
        await _agent.RetireAsync("shop.1");
        _agent.Find(1).ShouldBeNull();
        _agent.Written.Retirements.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_revision_that_gets_traffic_again_stays()
    {
        await SwitchedAsync();
        await _agent.RetireAsync("shop.1", Fallback);
        await _agent.SetWeightsAsync(("shop.1", 100));
        _agent.Find(1)!.RetiresAt.ShouldBeNull();
        _agent.Time.Advance(2 * Fallback);
        await _agent.BringUpAsync(3);
        _agent.Find(1)!.Phase.ShouldBe("Healthy");
        _agent.Written.Retirements.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_revision_that_is_brought_up_again_stays()
    {
        await SwitchedAsync();
        await _agent.RetireAsync("shop.1", Fallback);
        await _agent.BringUpAsync(1);
        _agent.Find(1)!.RetiresAt.ShouldBeNull();
    }

    [Fact]
    public async Task The_next_agent_does_what_came_due_and_waits_for_the_rest()
    {
        await SwitchedAsync();
        await _agent.BringUpAsync(3);
        await _agent.RetireAsync("shop.1", Fallback);
        await _agent.RetireAsync("shop.3", 3 * Fallback);
        await _agent.RestartAsync(whileDown: 2 * Fallback);
        await _agent.AdvanceUntilAsync(() => _agent.Find(1) is null);
        _agent.Find(3).ShouldNotBeNull();
        _agent.Time.Advance(Fallback);
        await Waiting.UntilAsync(() => _agent.Find(3) is null);
        _agent.Find(2).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_long_time_is_waited_for_in_parts()
    {
        await SwitchedAsync();
        await _agent.RetireAsync("shop.1", TimeSpan.FromHours(2.5));
        _agent.Time.NextDue!.Value.ShouldBeLessThanOrEqualTo(_agent.Time.GetUtcNow() + TimeSpan.FromHours(1));
        _agent.Time.Advance(TimeSpan.FromHours(1));
        _agent.Time.Advance(TimeSpan.FromHours(1));
        _agent.Find(1).ShouldNotBeNull();
        _agent.Time.Advance(TimeSpan.FromHours(0.5));
        await _agent.AdvanceUntilAsync(() => _agent.Find(1) is null);
    }

    [Fact]
    public async Task While_a_guard_needs_the_revision_it_stays()
    {
        await SwitchedAsync();
        await _agent.RetireAsync("shop.1", Fallback);
        await _agent.Supervisor.GuardAsync(new GuardRequest(1, new GuardMessage(TimeSpan.FromHours(1), [new GuardedMessage("shop", "shop.1", 1)])));
        _agent.Time.Advance(2 * Fallback);
        await _agent.BringUpAsync(3);
        _agent.Find(1).ShouldNotBeNull();
        await _agent.Supervisor.GuardAsync(new GuardRequest(1, null));
        await _agent.AdvanceUntilAsync(() => _agent.Find(1) is null);
    }
}
