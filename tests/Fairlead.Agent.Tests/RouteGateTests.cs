namespace Fairlead.Agent.Tests;

public sealed class RouteGateTests
{
    [Fact]
    public void A_closed_gate_with_nobody_inside_is_drained_at_once()
    {
        var gate = new RouteGate();
        gate.Drained.IsCompleted.ShouldBeFalse();
        gate.Close();
        gate.Drained.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void It_is_drained_when_the_last_one_leaves_and_lets_nobody_in_before()
    {
        var gate = new RouteGate();
        gate.TryEnter().ShouldBeTrue();
        gate.TryEnter().ShouldBeTrue();
        gate.Close();
        gate.TryEnter().ShouldBeFalse();
        gate.Count.ShouldBe(2);
        gate.Leave();
        gate.Drained.IsCompleted.ShouldBeFalse();
        gate.Leave();
        gate.Drained.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void Closing_twice_changes_nothing()
    {
        var gate = new RouteGate();
        gate.TryEnter();
        gate.Close();
        gate.Close();
        gate.Drained.IsCompleted.ShouldBeFalse();
        gate.Leave();
        gate.Drained.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task Whoever_gets_in_is_waited_for_however_threads_interleave()
    {
        for (var round = 0; round < 2_000; round++)
        {
            var gate = new RouteGate();
            var inside = 0;
            using var start = new Barrier(3);
            var entering = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    while (gate.TryEnter())
                    {
                        Interlocked.Increment(ref inside);
                        Interlocked.Decrement(ref inside);
                        gate.Leave();
                    }
                },
                TaskCreationOptions.LongRunning)).ToArray();
            start.SignalAndWait();
            gate.Close();
            await gate.Drained;
            Volatile.Read(ref inside).ShouldBe(0);
            await Task.WhenAll(entering);
            gate.Count.ShouldBe(0);
        }
    }
}
