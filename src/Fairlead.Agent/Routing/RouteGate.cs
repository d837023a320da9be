namespace Fairlead.Agent;

/// <summary>
/// Counts the requests that a revision is answering, and can be closed. Entering and closing are one atomic step on one word: a
/// request is either counted before the gate closes, and waited for, or it does not get in.
/// </summary>
sealed class RouteGate
{
    const long Closed = 1L << 62;

    readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long _state;

    /// <summary>How many are inside.</summary>
    public int Count => (int)(Interlocked.Read(ref _state) & ~Closed);

    /// <summary>Completes when the gate is closed and nobody is inside.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Counts one more, or tells that the gate is closed.</summary>
    public bool TryEnter()
    {
        var state = Interlocked.Read(ref _state);
        while ((state & Closed) == 0)
        {
            var before = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (before == state)
                return true;
            state = before;
        }

        return false;
    }

    /// <summary>Counts one less. Called once for each successful entry.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _state) == Closed)
            _drained.TrySetResult();
    }

    /// <summary>Lets nobody in any more. Can be repeated.</summary>
    public void Close()
    {
        if (Interlocked.Or(ref _state, Closed) is 0 or Closed)
            _drained.TrySetResult();
    }
}
