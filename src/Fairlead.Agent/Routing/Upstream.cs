namespace Fairlead.Agent;

/// <summary>One running replica, as seen by the proxy: its address and the connections to it.</summary>
sealed class Upstream : IDisposable
{
    // A service that closes idle connections does so after seconds (gunicorn 2, Node 5, Kestrel 130): one that is never
    // idle for that long is not closed just when a request is sent on it.
    static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(1);
    static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    static readonly TimeSpan ProvenAfter = TimeSpan.FromMilliseconds(100);

    readonly Lock _gate = new();
    readonly List<UpstreamConnection> _idle = [];
    ITimer? _sweep;
    bool _isDisposed;

    readonly CancellationTokenSource _end = new();
    readonly HttpMessageInvoker _probing = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        PooledConnectionIdleTimeout = IdleLimit,
        ConnectTimeout = ConnectLimit,
    });

    public Upstream(int port)
    {
        Port = port;
        Authority = $"http://127.0.0.1:{port}";
    }

    public int Port { get; }

    public string Authority { get; }

    /// <summary>Counts the requests that it is answering; closed when it is to end and has been taken off the targets.</summary>
    public RouteGate Gate { get; } = new();

    /// <summary>Sends a probe, apart from the connections of requests, and returns when the response's header is there.</summary>
    public Task<HttpResponseMessage> ProbeAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _probing.SendAsync(request, cancellationToken);

    /// <summary>A connection that was kept, or a new one.</summary>
    /// <returns>The connection, to be given to <see cref="Release"/> afterwards or disposed.</returns>
    /// <exception cref="IOException">The replica cannot be reached.</exception>
    public ValueTask<UpstreamConnection> ConnectAsync(ConnectionKind kind) => kind switch
    {
        ConnectionKind.Kept when TakeIdle() is { } kept => new(kept),
        ConnectionKind.Proven when TakeProven() is { } kept => new(kept),
        _ => UpstreamConnection.ConnectAsync(Port, ConnectLimit, _end.Token),
    };

    /// <summary>Takes a connection back: for the next request, or to close it.</summary>
    /// <param name="connection">No request uses it any more.</param>
    /// <param name="isWhole">Whether the request was sent to its end.</param>
    public void Release(UpstreamConnection connection, bool isWhole)
    {
        if (isWhole && connection.CanBeReused)
        {
            connection.Rest();
            lock (_gate)
            {
                if (!_isDisposed)
                {
                    _idle.Add(connection);
                    _sweep ??= TimeProvider.System.CreateTimer(static x => ((Upstream)x!).Sweep(), this, IdleLimit, IdleLimit);
                    return;
                }
            }
        }

        connection.Dispose();
    }

    UpstreamConnection? TakeIdle()
    {
        lock (_gate)
        {
            // The last one used: the others are given up when they are not needed.
            if (_idle.Count == 0 || System.Diagnostics.Stopwatch.GetElapsedTime(_idle[^1].IdleSince) >= IdleLimit)
                return null;
            var connection = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            return connection;
        }
    }

    /// <summary>
    /// One that the replica keeps open for certain, as far as that can be known: it has done so before, or for a while now. One that is closed
    /// after an answer without a word would otherwise take a request with it that may not be sent again.
    /// </summary>
    UpstreamConnection? TakeProven()
    {
        while (true)
        {
            UpstreamConnection connection;
            lock (_gate)
            {
                var index = _idle.FindIndex(x => System.Diagnostics.Stopwatch.GetElapsedTime(x.IdleSince) is var idle && idle < IdleLimit && (x.IsProven || idle > ProvenAfter));
                if (index < 0)
                    return null;
                connection = _idle[index];
                _idle.RemoveAt(index);
            }

            if (!connection.IsStale())
                return connection;
            connection.Dispose();
        }
    }

    void Sweep()
    {
        UpstreamConnection[] old;
        lock (_gate)
        {
            var count = _idle.FindIndex(x => System.Diagnostics.Stopwatch.GetElapsedTime(x.IdleSince) < IdleLimit);
            old = [.. _idle.Take(count < 0 ? _idle.Count : count)];
            _idle.RemoveRange(0, old.Length);
            if (_idle.Count == 0)
            {
                _sweep?.Dispose();
                _sweep = null;
            }
        }

        foreach (var connection in old)
            connection.Dispose();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _sweep?.Dispose();
            foreach (var connection in _idle)
                connection.Dispose();
            _idle.Clear();
        }

        _end.Cancel();
        _end.Dispose();
        _probing.Dispose();
    }
}
