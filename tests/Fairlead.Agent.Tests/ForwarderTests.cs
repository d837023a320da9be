using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fairlead.Agent.Tests;

/// <summary>The proxy, seen from both of its sides over real sockets.</summary>
public sealed class ForwarderTests : IAsyncDisposable
{
    const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    readonly RoutedRevision _revision = new("shop", "shop.1");
    readonly Router _router = new();
    readonly List<IDisposable> _owned = [];
    readonly Uri _url;
    readonly System.Collections.Concurrent.ConcurrentQueue<string> _log = new();
    ProxyServer? _server;
    Forwarder? _forwarder;

    public ForwarderTests()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _url = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        _router.Switch(new RoutingTable([(_revision, 100)]));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        foreach (var owned in _owned)
            owned.Dispose();
    }

    async Task ServeAsync(params RawUpstream[] upstreams) => await ServePortsAsync([.. upstreams.Select(x => x.Port)]);

    async Task ServePortsAsync(params int[] ports)
    {
        Upstream[] targets = [.. ports.Select(x => new Upstream(x))];
        _owned.AddRange(targets);
        _revision.SetTargets(targets);
        _forwarder = new Forwarder("shop", _router, TimeProvider.System, _log.Enqueue);
        _server = ProxyServer.Listen(_url, () => _forwarder, TimeProvider.System);
        await Task.CompletedTask;
    }

    async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _owned.Add(socket);
        await socket.ConnectAsync(IPAddress.Loopback, _url.Port);
        return socket;
    }

    static async Task SendAsync(Socket socket, string text) => await socket.SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Reads until what came fulfils the condition or the connection ends.</summary>
    static async Task<string> ReadAsync(Socket socket, Func<string, bool>? until = null)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (until is null || !until(text.ToString()))
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
            if (read == 0)
                break;
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    /// <summary>One request on a connection that ends with the answer.</summary>
    async Task<string> AskAsync(string request)
    {
        using var socket = await ConnectAsync();
        await SendAsync(socket, request.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal));
        return await ReadAsync(socket);
    }

    static int DeadPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    RawUpstream Own(RawUpstream upstream)
    {
        _owned.Add(upstream);
        return upstream;
    }

    [Theory]
    [InlineData("/a/../b/./c?x=%2F&y=%7e#z", "/a/../b/./c?x=%2F&y=%7e#z")]
    [InlineData("/%41%2f//x", "/%41%2f//x")]
    [InlineData("http://shop.example/path?q", "/path?q")]
    [InlineData("http://shop.example", "/")]
    public async Task The_path_goes_through_as_it_came(string target, string expected)
    {
        var upstream = Own(RawUpstream.Answering(Ok));
        await ServeAsync(upstream);
        var answer = await AskAsync($"GET {target} HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 200 OK\r\n");
        upstream.Heads.ShouldHaveSingleItem().ShouldStartWith($"GET {expected} HTTP/1.1\r\n");
    }

    [Fact]
    public async Task Headers_go_through_but_those_of_the_connection_do_not_and_the_origin_is_told()
    {
        var upstream = Own(RawUpstream.Answering("HTTP/1.1 201 Made\r\nContent-Length: 2\r\nX-Twice: a\r\nX-Twice: b\r\nConnection: x-private\r\nX-Private: 1\r\nKeep-Alive: timeout=5\r\nServer: mine\r\nContent-Type: text/odd\r\n\r\nok"));
        await ServeAsync(upstream);
        // Kestrel keeps nothing but "close" of a Connection field that has it, so this connection stays open.
        var socket = await ConnectAsync();
        await SendAsync(socket, "GET / HTTP/1.1\r\nHost: shop.example\r\nX-Mine: caf\u00e9\r\nProxy-Authorization: secret\r\nX-Secret: 1\r\nTE: trailers\r\nKeep-Alive: 5\r\nConnection: X-Secret\r\n\r\n");
        var answer = await ReadAsync(socket, x => x.EndsWith("\r\n\r\nok", StringComparison.Ordinal));

        var head = upstream.Heads.ShouldHaveSingleItem();
        head.ShouldContain("Host: shop.example\r\n");
        head.ShouldContain("X-Mine: caf\u00e9\r\n");
        head.ShouldContain("X-Forwarded-For: 127.0.0.1\r\n");
        head.ShouldContain("X-Forwarded-Proto: http\r\n");
        head.ShouldContain("X-Forwarded-Host: shop.example\r\n");
        foreach (var gone in new[] { "Proxy-Authorization", "X-Secret", "TE:", "Keep-Alive", "Connection" })
            head.ShouldNotContain(gone);
        answer.ShouldStartWith("HTTP/1.1 201 Made\r\n");
        answer.ShouldContain("X-Twice: a\r\n");
        answer.ShouldContain("X-Twice: b\r\n");
        answer.ShouldContain("Server: mine\r\n");
        answer.ShouldContain("Content-Type: text/odd\r\n");
        answer.ShouldNotContain("X-Private");
        answer.ShouldNotContain("Keep-Alive");
        answer.ShouldEndWith("\r\n\r\nok");
    }

    [Fact]
    public async Task What_a_client_claims_about_where_it_comes_from_is_not_passed_on()
    {
        var upstream = Own(RawUpstream.Answering(Ok));
        await ServeAsync(upstream);
        await AskAsync("GET / HTTP/1.1\r\nHost: inner\r\nX-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Prefix: /evil\r\n"
            + "Forwarded: for=evil\r\nX-Real-IP: 6.6.6.6\r\nX_Forwarded_For: 6.6.6.6\r\nx_real-ip: 6.6.6.6\r\nX-Mine: 1\r\n\r\n");
        var head = upstream.Heads.ShouldHaveSingleItem();
        head.ShouldContain("X-Forwarded-For: 127.0.0.1\r\n");
        head.ShouldContain("X-Forwarded-Proto: http\r\n");
        head.ShouldContain("X-Forwarded-Host: inner\r\n");
        head.ShouldContain("X-Mine: 1\r\n");
        foreach (var claim in (string[])["evil", "6.6.6.6", "203.0.113.9", "https"])
            head.ShouldNotContain(claim);
    }

    [Fact]
    public async Task A_client_cannot_have_the_host_or_its_credentials_taken_away()
    {
        var upstream = Own(RawUpstream.Answering(Ok));
        await ServeAsync(upstream);
        var socket = await ConnectAsync();
        await SendAsync(socket, "GET / HTTP/1.1\r\nHost: shop.example\r\nCookie: a=b\r\nAuthorization: Basic x\r\nHTTP2-Settings: AAMAAABk\r\nUpgrade: h2c\r\nConnection: Host, Cookie, authorization, Upgrade\r\n\r\n");
        (await ReadAsync(socket, x => x.EndsWith("\r\n\r\nok", StringComparison.Ordinal))).ShouldStartWith("HTTP/1.1 200 ");
        var head = upstream.Heads.ShouldHaveSingleItem();
        head.ShouldContain("Host: shop.example\r\n");
        head.ShouldContain("Cookie: a=b\r\n");
        head.ShouldContain("Authorization: Basic x\r\n");
        head.ShouldNotContain("HTTP2-Settings");
        head.ShouldNotContain("h2c");
    }

    [Fact]
    public async Task Of_two_lengths_the_chunks_are_believed()
    {
        await ServeAsync(Own(RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")));
        var answer = await AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 200 ");
        answer.ShouldContain("hello");
        answer.ShouldNotContain("Content-Length");
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX-Odd: a\u0001b\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: odd\r\n\r\n")]
    public async Task An_answer_that_cannot_be_passed_on_is_502_counted_and_logged_once(string response)
    {
        await ServeAsync(Own(RawUpstream.Answering(response)));
        for (var i = 0; i < 3; i++)
            (await AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n")).ShouldStartWith("HTTP/1.1 502 ");
        await Waiting.UntilAsync(() => _revision.Metrics.ByCode.Contains((502, 3)));
        _log.ShouldHaveSingleItem().ShouldContain("shop.1");
    }

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n", "Content-Length: 1234")]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 204 No Content")]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 1234\r\n\r\n", "ETag: \"x\"")]
    public async Task An_answer_without_a_body_leaves_the_connection_usable(string method, string response, string expected)
    {
        var upstream = Own(RawUpstream.Answering(response));
        await ServeAsync(upstream);
        var socket = await ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            await SendAsync(socket, $"{method} / HTTP/1.1\r\nHost: x\r\n\r\n");
            var answer = await ReadAsync(socket, x => x.EndsWith("\r\n\r\n", StringComparison.Ordinal));
            answer.ShouldContain(expected);
            answer.ShouldNotContain("Transfer-Encoding");
        }

        upstream.Heads.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_response_is_passed_on_while_it_is_being_written()
    {
        var go = new TaskCompletionSource();
        await ServeAsync(Own(new RawUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
            await go.Task;
            await connection.SendAsync("6\r\nsecond\r\n0\r\n\r\n");
        })));
        var socket = await ConnectAsync();
        await SendAsync(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        (await ReadAsync(socket, x => x.Contains("first", StringComparison.Ordinal))).ShouldContain("Transfer-Encoding: chunked");
        go.SetResult();
        (await ReadAsync(socket, x => x.EndsWith("0\r\n\r\n", StringComparison.Ordinal))).ShouldContain("second");
    }

    [Fact]
    public async Task A_request_body_is_passed_on_while_it_is_being_sent()
    {
        var first = new TaskCompletionSource<string>();
        await ServeAsync(Own(new RawUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            first.SetResult(await connection.ReadAsync("5\r\nfirst\r\n".Length));
            await connection.ReadAsync("6\r\nsecond\r\n0\r\n\r\n".Length);
            await connection.SendAsync(Ok);
        })));
        var socket = await ConnectAsync();
        await SendAsync(socket, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nfirst\r\n");
        (await first.Task.WaitAsync(TimeSpan.FromSeconds(10))).ShouldContain("first");
        await SendAsync(socket, "6\r\nsecond\r\n0\r\n\r\n");
        (await ReadAsync(socket)).ShouldEndWith("ok");
    }

    [Fact]
    public async Task A_client_that_expects_100_sends_its_body_only_when_the_replica_wants_it()
    {
        var upstream = Own(new RawUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 417 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }));
        await ServeAsync(upstream);
        var socket = await ConnectAsync();
        await SendAsync(socket, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\n");
        (await ReadAsync(socket, x => x.Contains("\r\n\r\n", StringComparison.Ordinal))).ShouldStartWith("HTTP/1.1 417 No\r\n");
        upstream.Heads.ShouldHaveSingleItem().ShouldContain("Expect: 100-continue");
    }

    [Fact]
    public async Task A_client_that_expects_100_gets_it_and_then_the_answer()
    {
        await ServeAsync(Own(new RawUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            var body = await connection.ReadAsync(5);
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{body}");
        })));
        var socket = await ConnectAsync();
        await SendAsync(socket, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n");
        (await ReadAsync(socket, x => x.Contains("\r\n\r\n", StringComparison.Ordinal))).ShouldStartWith("HTTP/1.1 100 Continue\r\n");
        await SendAsync(socket, "hello");
        (await ReadAsync(socket)).ShouldEndWith("hello");
    }

    [Fact]
    public async Task A_client_that_leaves_ends_the_request_to_the_replica()
    {
        var left = new TaskCompletionSource();
        await ServeAsync(Own(new RawUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            if (await connection.ReadHeadAsync() is null)
                left.SetResult();
        })));
        var socket = await ConnectAsync();
        await SendAsync(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await Waiting.UntilAsync(() => _revision.Gate.Count == 1);
        socket.Dispose();
        await left.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await Waiting.UntilAsync(() => _revision.Gate.Count == 0);
        _revision.Metrics.ByCode.ShouldHaveSingleItem().Code.ShouldBe(499);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")]
    public async Task When_a_replica_cannot_be_reached_another_one_answers(string request)
    {
        await ServePortsAsync(DeadPort(), Own(RawUpstream.Answering(Ok)).Port, DeadPort());
        for (var i = 0; i < 6; i++)
            (await AskAsync(request)).ShouldEndWith("ok");
        _revision.Metrics.UpstreamFailures.ShouldBeGreaterThan(0);
        _revision.Metrics.ByCode.ShouldHaveSingleItem().Code.ShouldBe(200);
    }

    [Fact]
    public async Task A_post_with_a_body_goes_to_another_replica_when_nothing_of_it_was_sent()
    {
        await ServePortsAsync(DeadPort(), Own(new RawUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            var body = await connection.ReadAsync(5);
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n{body}");
        })).Port);
        for (var i = 0; i < 4; i++)
            (await AskAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")).ShouldEndWith("hello");
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("PATCH / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")]
    public async Task What_may_not_be_repeated_is_sent_once_when_the_replica_dies_over_it(string request)
    {
        var upstream = Own(new RawUpstream(async connection => await connection.ReadHeadAsync()));
        await ServeAsync(upstream);
        (await AskAsync(request)).ShouldStartWith("HTTP/1.1 502 ");
        upstream.Heads.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_get_over_which_a_replica_dies_is_answered_by_another_one()
    {
        var dying = Own(new RawUpstream(async connection => await connection.ReadHeadAsync()));
        await ServeAsync(dying, Own(RawUpstream.Answering(Ok)));
        for (var i = 0; i < 4; i++)
            (await AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n")).ShouldEndWith("ok");
        dying.Heads.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_connection_that_the_replica_closed_while_it_was_idle_is_never_felt()
    {
        // Closes after each answer without having said so.
        var upstream = Own(new RawUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadAsync(5);
            await connection.SendAsync(Ok);
        }));
        await ServeAsync(upstream);
        for (var i = 0; i < 50; i++)
        {
            (await AskAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")).ShouldEndWith("ok");
            await Waiting.UntilAsync(() => _revision.Gate.Count == 0);
        }

        upstream.Connections.ShouldBe(50);
    }

    [Fact]
    public async Task A_response_that_breaks_off_is_seen_to_be_broken()
    {
        await ServeAsync(Own(new RawUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
        })));
        using var http = new HttpClient();
        await Should.ThrowAsync<HttpRequestException>(http.GetStringAsync(_url));
        await Waiting.UntilAsync(() => _revision.Metrics.UpstreamFailures == 1);
    }

    [Fact]
    public async Task Nowhere_to_go_is_503()
    {
        await ServePortsAsync();
        (await AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n")).ShouldStartWith("HTTP/1.1 503 ");
        await Waiting.UntilAsync(() => _forwarder!.Unrouted.ByCode.Contains((503, 1)));
        MetricsPage.Render([], [("shop", _forwarder!.Unrouted)]).ShouldContain("fairlead_requests_total{service=\"shop\",revision=\"\",code=\"503\"} 1\n");
    }

    [Fact]
    public async Task Only_dead_replicas_are_502()
    {
        await ServePortsAsync(DeadPort(), DeadPort());
        (await AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n")).ShouldStartWith("HTTP/1.1 502 ");
    }

    [Fact]
    public async Task After_an_upgrade_bytes_flow_both_ways_and_count_as_in_flight()
    {
        await ServeAsync(Own(new RawUpstream(async connection =>
        {
            var head = await connection.ReadHeadAsync();
            head.ShouldNotBeNull().ShouldContain("Upgrade: websocket\r\n");
            head.ShouldContain("Sec-WebSocket-Key: k\r\n");
            await connection.SendAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: a\r\n\r\n");
            var said = await connection.ReadAsync(4);
            await connection.SendAsync($"you said {said}");
        })));
        var socket = await ConnectAsync();
        await SendAsync(socket, "GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\n");
        var head = await ReadAsync(socket, x => x.Contains("\r\n\r\n", StringComparison.Ordinal));
        head.ShouldStartWith("HTTP/1.1 101 ");
        head.ShouldContain("Sec-WebSocket-Accept: a\r\n");
        _revision.Gate.Count.ShouldBe(1);
        await SendAsync(socket, "ahoy");
        (await ReadAsync(socket)).ShouldBe("you said ahoy");
        await Waiting.UntilAsync(() => _revision.Gate.Count == 0);
    }

    [Fact]
    public async Task What_failed_here_and_was_answered_elsewhere_is_a_failure_here_and_none_there()
    {
        var other = new RoutedRevision("shop", "shop.2");
        var dying = Own(new RawUpstream(async connection => await connection.ReadHeadAsync()));
        await ServeAsync(dying);
        var good = new Upstream(Own(RawUpstream.Answering(Ok)).Port);
        _owned.Add(good);
        other.SetTargets([good]);
        _router.Switch(new RoutingTable([(_revision, 50), (other, 50)]));
        for (var i = 0; i < 10; i++)
            (await AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n")).ShouldEndWith("ok");

        await Waiting.UntilAsync(() => other.Metrics.Tally.Read().Total == 10);
        var (bad, well) = (_revision.Metrics.Tally.Read(), other.Metrics.Tally.Read());
        (bad.Total, bad.Failed).ShouldBe((5, 5), "a repetition takes nobody's turn");
        (well.Total, well.Failed).ShouldBe((10, 0));
        bad.Durations.Values.Sum().ShouldBe(5);
        _revision.Metrics.ByCode.ShouldBeEmpty("the page for Prometheus counts answers");
    }

    [Theory]
    [InlineData("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", 1)]
    [InlineData("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", 0)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", 1)]
    public async Task An_answer_of_5xx_and_one_that_breaks_off_are_failures(string response, int failed)
    {
        await ServeAsync(Own(new RawUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync(response);
        })));
        var socket = await ConnectAsync();
        await SendAsync(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await Waiting.UntilAsync(() => _revision.Metrics.Tally.Read() is { Total: 1 } x && x.Failed == failed);
    }

    [Fact]
    public async Task A_client_without_the_cookie_gets_one_and_stays_where_it_puts_it()
    {
        var other = new RoutedRevision("shop", "shop.2");
        await ServeAsync(Own(RawUpstream.Answering("HTTP/1.1 200 OK\r\nSet-Cookie: mine=1\r\nContent-Length: 1\r\n\r\n1")));
        var second = new Upstream(Own(RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2")).Port);
        _owned.Add(second);
        other.SetTargets([second]);
        _router.Switch(new RoutingTable([(_revision, 50), (other, 50)], new AffinityMessage(AffinityMessage.Cookie, "who", ["shop.2", "shop.1"])));
        HashSet<char> met = [];
        for (var i = 0; i < 20 || met.Count < 2; i++)
        {
            var first = await AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            var cookie = first.Split("\r\n").Single(x => x.StartsWith("Set-Cookie: who=", StringComparison.Ordinal))["Set-Cookie: ".Length..];
            cookie.ShouldEndWith("; Path=/; HttpOnly; SameSite=Lax");
            met.Add(first[^1]);
            for (var again = 0; again < 3; again++)
            {
                var next = await AskAsync($"GET / HTTP/1.1\r\nHost: x\r\nCookie: a=b; {cookie.Split(';')[0]}\r\n\r\n");
                next[^1].ShouldBe(first[^1]);
                next.ShouldNotContain("Set-Cookie: who=");
                next.Contains("Set-Cookie: mine=1", StringComparison.Ordinal).ShouldBe(next[^1] == '1');
            }
        }
    }

    [Fact]
    public async Task By_a_header_a_client_stays_and_without_it_each_request_is_decided_anew()
    {
        var other = new RoutedRevision("shop", "shop.2");
        await ServeAsync(Own(RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1")));
        var second = new Upstream(Own(RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2")).Port);
        _owned.Add(second);
        other.SetTargets([second]);
        _router.Switch(new RoutingTable([(_revision, 50), (other, 50)], new AffinityMessage(AffinityMessage.Header, "X-User", ["shop.2", "shop.1"])));
        for (var user = 0; user < 10; user++)
        {
            var expected = ClientPosition.Of($"u{user}") < ClientPosition.Count / 2 ? '2' : '1';
            for (var again = 0; again < 3; again++)
                (await AskAsync($"GET / HTTP/1.1\r\nHost: x\r\nX-User: u{user}\r\n\r\n"))[^1].ShouldBe(expected);
        }

        List<char> free = [];
        for (var i = 0; i < 6; i++)
            free.Add((await AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))[^1]);
        free.Count(x => x == '1').ShouldBe(3);
    }
}
