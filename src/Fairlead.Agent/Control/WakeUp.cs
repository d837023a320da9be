namespace Fairlead.Agent;

/// <summary>One thing to be done later. Setting it again replaces the time; what is under way goes on.</summary>
sealed class WakeUp(TimeProvider time, Action<string> log)
{
    /// <summary>Longer waits are made of several: timers have a limit, and a clock that was set is noticed.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>What failed, as with a full disk, is tried again.</summary>
    static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    readonly Lock _gate = new();
    ITimer? _timer;
    Func<Task>? _work;

    /// <summary>The work itself finds out whether it is really time.</summary>
    public void After(TimeSpan delay, Func<Task> work)
    {
        delay = delay < TimeSpan.Zero ? TimeSpan.Zero : delay < Longest ? delay : Longest;
        lock (_gate)
        {
            _work = work;
            if (_timer is null)
                _timer = time.CreateTimer(static x => ((WakeUp)x!).Fire(), this, delay, Timeout.InfiniteTimeSpan);
            else
                _timer.Change(delay, Timeout.InfiniteTimeSpan);
        }
    }

    public void Cancel()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            (_timer, _work) = (null, null);
        }
    }

    void Fire()
    {
        Func<Task>? work;
        lock (_gate)
            work = _work;
        if (work is not null)
            _ = Task.Run(() => DoAsync(work));
    }

    async Task DoAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            // The agent ends.
        }
        catch (Exception e)
        {
            log($"What the agent was to do by itself failed and is tried again: {e.Message}");
            After(Again, work);
        }
    }
}
