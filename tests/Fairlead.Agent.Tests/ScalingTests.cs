using Fairlead.Tooling;

namespace Fairlead.Agent.Tests;

public sealed class ScalingTests : IAsyncDisposable
{
    readonly TestAgent _agent = new();

    public ValueTask DisposeAsync() => _agent.DisposeAsync();

    [Fact]
    public async Task Bringing_up_what_is_up_with_more_replicas_starts_the_missing_ones_only()
    {
        await _agent.BringUpAsync(1, replicas: 2);
        await _agent.HealthyAsync(1, 2);
        await _agent.BringUpAsync(1, replicas: 4);
        await _agent.BringUpAsync(1, replicas: 4);
        await _agent.HealthyAsync(1, 4);
        _agent.Host.All.Count.ShouldBe(4);
        _agent.Find(1)!.Phase.ShouldBe("Healthy");
        _agent.Supervisor.RoutedOf("shop.1").Targets.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_replica_that_is_too_many_finishes_what_it_has_and_gets_nothing_new()
    {
        await _agent.BringUpAsync(1, replicas: 3);
        await _agent.HealthyAsync(1, 3);
        await _agent.SetWeightsAsync(("shop.1", 100));
        var routed = _agent.Supervisor.RoutedOf("shop.1");
        var router = new Router();
        router.Switch(new RoutingTable([(routed, 100)]));
        var held = Enumerable.Range(0, 3).Select(_ => router.Acquire([])!).ToArray();

        await _agent.BringUpAsync(1, replicas: 1);

        var left = routed.Targets.ShouldHaveSingleItem();
        for (var i = 0; i < 20; i++)
        {
            using var lease = router.Acquire([])!;
            lease.Target.ShouldBe(left);
        }

        _agent.Find(1)!.Replicas.ShouldBe(1);
        _agent.Find(1)!.Phase.ShouldBe("Healthy");
        _agent.Find(1)!.InFlight.ShouldBe(3);
        _agent.Running.ShouldBe(3);
        foreach (var lease in held.Where(x => x.Target != left))
            lease.Dispose();
        await Waiting.UntilAsync(() => _agent.Running == 1);
        held.Single(x => x.Target == left).Dispose();
        _agent.Find(1)!.InFlight.ShouldBe(0);
    }

    [Fact]
    public async Task A_request_that_outlasts_the_drain_timeout_holds_no_replica_for_ever()
    {
        await _agent.BringUpAsync(1, replicas: 2);
        await _agent.HealthyAsync(1, 2);
        var router = new Router();
        router.Switch(new RoutingTable([(_agent.Supervisor.RoutedOf("shop.1"), 100)]));
        var held = Enumerable.Range(0, 2).Select(_ => router.Acquire([])!).ToArray();
        await _agent.BringUpAsync(1, replicas: 1);
        await _agent.AdvanceUntilAsync(() => _agent.Running == 1);
        _agent.Supervisor.RoutedOf("shop.1").Metrics.Cut.ShouldBe(1);
        foreach (var lease in held)
            lease.Dispose();
    }

    [Fact]
    public async Task Without_a_replica_a_revision_is_known_idle_and_gets_no_traffic()
    {
        await _agent.BringUpAsync(1, replicas: 2);
        await _agent.HealthyAsync(1, 2);
        await _agent.BringUpAsync(1, replicas: 0);
        await Waiting.UntilAsync(() => _agent.Running == 0);
        _agent.Find(1)!.Replicas.ShouldBe(0);
        _agent.Find(1)!.Phase.ShouldBe("Starting");
        (await Should.ThrowAsync<UserErrorException>(_agent.SetWeightsAsync(("shop.1", 100)))).Message.ShouldContain("without a replica");

        await _agent.BringUpAsync(1, replicas: 1);
        await _agent.HealthyAsync(1);
        await _agent.SetWeightsAsync(("shop.1", 100));
    }

    [Fact]
    public async Task A_revision_with_traffic_is_not_left_without_a_replica()
    {
        await _agent.BringUpAsync(1);
        await _agent.SetWeightsAsync(("shop.1", 100));
        (await Should.ThrowAsync<UserErrorException>(_agent.BringUpAsync(1, replicas: 0))).Message.ShouldContain("100 %");
        _agent.Find(1)!.Replicas.ShouldBe(1);
    }

    [Fact]
    public async Task The_number_is_written_down_and_comes_back_with_the_next_agent()
    {
        await _agent.BringUpAsync(1, replicas: 1);
        await _agent.BringUpAsync(2, replicas: 2);
        await _agent.BringUpAsync(1, replicas: 3);
        await _agent.BringUpAsync(2, replicas: 0);
        _agent.Written.Revisions.Select(x => x.Replicas).ShouldBe([3, 0]);
        await _agent.RestartAsync();
        await _agent.HealthyAsync(1, 3);
        _agent.Find(2)!.Replicas.ShouldBe(0);
        _agent.Running.ShouldBe(3);
    }

    [Fact]
    public async Task What_is_not_well_goes_first_and_is_not_started_again()
    {
        await _agent.BringUpAsync(1, replicas: 3);
        await _agent.HealthyAsync(1, 3);
        _agent.Host.Next().Crash(1);
        await Waiting.UntilAsync(() => _agent.Find(1)!.HealthyReplicas == 2);
        await _agent.BringUpAsync(1, replicas: 2);
        await _agent.HealthyAsync(1, 2);
        _agent.Time.Advance(TimeSpan.FromMinutes(1));
        _agent.Host.All.Count.ShouldBe(3);
        _agent.Running.ShouldBe(2);
    }

    [Fact]
    public async Task A_replica_that_crashes_while_it_leaves_is_not_waited_for_beyond_its_requests()
    {
        await _agent.BringUpAsync(1, replicas: 2);
        await _agent.HealthyAsync(1, 2);
        var router = new Router();
        router.Switch(new RoutingTable([(_agent.Supervisor.RoutedOf("shop.1"), 100)]));
        var held = Enumerable.Range(0, 2).Select(_ => router.Acquire([])!).ToArray();
        await _agent.BringUpAsync(1, replicas: 1);
        var left = _agent.Supervisor.RoutedOf("shop.1").Targets.ShouldHaveSingleItem();
        foreach (var lease in held)
            lease.Dispose();
        await Waiting.UntilAsync(() => _agent.Running == 1);
        _agent.Supervisor.RoutedOf("shop.1").Targets.ShouldHaveSingleItem().ShouldBe(left);
    }

    [Fact]
    public async Task A_revision_can_be_retired_while_replicas_leave()
    {
        await _agent.BringUpAsync(1, replicas: 2);
        await _agent.HealthyAsync(1, 2);
        var router = new Router();
        router.Switch(new RoutingTable([(_agent.Supervisor.RoutedOf("shop.1"), 100)]));
        var held = Enumerable.Range(0, 2).Select(_ => router.Acquire([])!).ToArray();
        await _agent.BringUpAsync(1, replicas: 1);
        var retirement = _agent.RetireAsync("shop.1");
        retirement.IsCompleted.ShouldBeFalse();
        foreach (var lease in held)
            lease.Dispose();
        (await retirement.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBe(0);
        _agent.Running.ShouldBe(0);
    }

    [Fact]
    public async Task However_threads_interleave_no_replica_ends_while_it_has_a_request()
    {
        await _agent.BringUpAsync(1, replicas: 4);
        await _agent.HealthyAsync(1, 4);
        var router = new Router();
        router.Switch(new RoutingTable([(_agent.Supervisor.RoutedOf("shop.1"), 100)]));
        using var stop = new CancellationTokenSource();
        var refused = 0;
        var late = 0;
        var load = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var lease = router.Acquire([]);
                if (lease is null)
                {
                    Interlocked.Increment(ref refused);
                    continue;
                }

                await Task.Yield();
                if (lease.Target.Gate.Drained.IsCompleted)
                    Interlocked.Increment(ref late);
            }
        })).ToArray();
        for (var round = 0; round < 200; round++)
        {
            await _agent.BringUpAsync(1, replicas: 1 + (round % 4));
            await Waiting.UntilAsync(() => _agent.Find(1)!.HealthyReplicas >= 1);
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
        refused.ShouldBe(0);
        late.ShouldBe(0);
    }
}
