namespace Fairlead.Agent;

/// <summary>One running replica, as seen by the proxy: its address and the connections to it.</summary>
sealed class Upstream : IDisposable
{
    // A service that closes idle connections does so after seconds (gunicorn 2, Node 5, Kestrel 130): one that is never
    // idle for that long is not closed just when a request is sent on it.
    static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(1);
    static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    readonly HttpMessageInvoker _kept = Connect(Timeout.InfiniteTimeSpan);

    // A replica may close an idle connection in the very moment in which a request is sent on it. What may be repeated is repeated;
    // what may not gets a connection of its own, which cannot be stale.
    readonly HttpMessageInvoker _fresh = Connect(TimeSpan.Zero);

    public Upstream(int port)
    {
        Port = port;
        Authority = $"http://127.0.0.1:{port}";
    }

    public int Port { get; }

    public string Authority { get; }

    /// <summary>Sends and returns when the response's header is there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        (HttpRules.IsIdempotent(request.Method.Method) && request.Content is null ? _kept : _fresh).SendAsync(request, cancellationToken);

    public void Dispose()
    {
        _kept.Dispose();
        _fresh.Dispose();
    }

    static HttpMessageInvoker Connect(TimeSpan lifetime) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = lifetime,
        PooledConnectionIdleTimeout = IdleLimit,
        ConnectTimeout = ConnectLimit,
        // Bytes go through as they came.
        RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.Latin1,
        ResponseHeaderEncodingSelector = (_, _) => System.Text.Encoding.Latin1,
    });
}
