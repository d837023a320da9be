using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Fairlead.Agent;

/// <summary>
/// The one reading operation of a client's connection. It may be begun long before anybody waits for it: so it is noticed when the client
/// leaves while its request is being answered, at no cost, because the next request must be read anyway.
/// </summary>
/// <param name="ended">Called at once when the client has closed or gone.</param>
sealed class ReadAhead(Action ended) : SocketAsyncEventArgs(true), IValueTaskSource<int>
{
    ManualResetValueTaskSourceCore<int> _core;

    /// <summary>Whether it has been begun and its result was not fetched.</summary>
    public bool IsBegun { get; private set; }

    public void Begin(Socket socket, Memory<byte> target)
    {
        _core.Reset();
        SetBuffer(target);
        IsBegun = true;
        try
        {
            if (!socket.ReceiveAsync(this))
                Complete();
        }
        catch (ObjectDisposedException)
        {
            SocketError = SocketError.OperationAborted;
            Complete();
        }
    }

    /// <summary>How many bytes came; 0 or less when the client has closed or gone.</summary>
    public ValueTask<int> WaitAsync() => new(this, _core.Version);

    protected override void OnCompleted(SocketAsyncEventArgs e) => Complete();

    void Complete()
    {
        var count = SocketError == SocketError.Success ? BytesTransferred : -1;
        if (count <= 0)
            ended();
        _core.SetResult(count);
    }

    public int GetResult(short token)
    {
        IsBegun = false;
        return _core.GetResult(token);
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _core.OnCompleted(continuation, state, token, flags);
}
