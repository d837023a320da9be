using System.Collections.Concurrent;

namespace Fairlead.Testing;

/// <summary>
/// Runs asynchronous code on one thread and moves its clock to the next timer whenever nothing else is left to do: hours pass in
/// milliseconds, and the same code takes the same way each time.
/// </summary>
public static class VirtualTime
{
    static readonly TimeSpan Stuck = TimeSpan.FromSeconds(30);

    /// <summary>Runs to the end.</summary>
    /// <param name="clock">The clock that the code waits by.</param>
    /// <param name="run">Starts the code.</param>
    /// <param name="patience">How long real input and output may take before the clock moves on; by default there is none.</param>
    /// <typeparam name="T">Of the result.</typeparam>
    /// <returns>The finished task, failed where the code failed.</returns>
    /// <exception cref="TimeoutException">It waits for something that no timer and no other task brings about.</exception>
    public static Task<T> Run<T>(ManualTimeProvider clock, Func<Task<T>> run, TimeSpan patience = default)
    {
        var before = SynchronizationContext.Current;
        var pump = new Pump();
        SynchronizationContext.SetSynchronizationContext(pump);
        try
        {
            var task = run();
            while (!task.IsCompleted)
            {
                if (pump.RunOne(patience))
                    continue;
                if (task.IsCompleted)
                    break;
                if (clock.NextDue is { } due)
                    clock.Advance(due - clock.GetUtcNow());
                else if (!pump.RunOne(Stuck) && !task.IsCompleted)
                    throw new TimeoutException($"The code has waited for {Stuck.TotalSeconds} s for something that is neither a timer nor a task of its own.");
            }

            return task;
        }
        finally
        {
            pump.End();
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    sealed class Pump : SynchronizationContext
    {
        readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _queue = [];

        public override void Post(SendOrPostCallback d, object? state)
        {
            // What is left of a simulated process that was killed may still post when nobody runs it any more.
            if (!_queue.IsAddingCompleted)
                _queue.Add((d, state));
        }

        public bool RunOne(TimeSpan patience)
        {
            if (!_queue.TryTake(out var next, patience))
                return false;
            next.Callback(next.State);
            return true;
        }

        public void End() => _queue.CompleteAdding();
    }
}
