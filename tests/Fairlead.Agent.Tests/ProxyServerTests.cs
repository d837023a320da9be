using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Testing;
using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Agent.Tests;

/// <summary>What clients may send, in whatever pieces, and how their connections end.</summary>
public sealed class ProxyServerTests : IAsyncDisposable
{
    const string Get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
    const string Post = "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
    const string Chunked = "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-Trailer: t\r\n\r\n";
    const string Last = "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    readonly RoutedRevision _revision = new("shop", "shop.1");
    readonly ManualTimeProvider _time = new();
    readonly List<IDisposable> _owned = [];
    readonly Uri _url;
    ProxyServer? _server;

    public ProxyServerTests()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _url = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        foreach (var owned in _owned)
            owned.Dispose();
    }

    RawUpstream Serve(Func<RawUpstream.Connection, Task> serve)
    {
        var raw = new RawUpstream(serve);
        var upstream = new Upstream(raw.Port);
        _owned.AddRange([raw, upstream]);
        _revision.SetTargets([upstream]);
        var router = new Router();
        router.Switch(new RoutingTable([(_revision, 100)]));
        var forwarder = new Forwarder("shop", router, TimeProvider.System, _ => { });
        _server = ProxyServer.Listen(_url, () => forwarder, _time);
        return raw;
    }

    /// <summary>Answers with the path and the body, however that came.</summary>
    RawUpstream ServeEcho() => Serve(async connection =>
    {
        while (await connection.ReadHeadAsync() is { } head)
        {
            // Read on its own, so that it would notice if the proxy understood something else.
            var fields = head.Split("\r\n").Skip(1).Select(x => x.Split(':', 2)).Where(x => x.Length == 2).ToLookup(x => x[0], x => x[1].Trim(' ', '\t'), StringComparer.OrdinalIgnoreCase);
            var body = "";
            if (fields["Content-Length"].SingleOrDefault() is { } length)
                body = await connection.ReadAsync(int.Parse(length));
            else if (fields["Transfer-Encoding"].Contains("chunked", StringComparer.OrdinalIgnoreCase))
                body = await ReadChunksAsync(connection);
            var answer = head.Split(' ')[1] + body;
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {answer.Length}\r\n\r\n{answer}");
        }
    });

    static async Task<string> ReadChunksAsync(RawUpstream.Connection connection)
    {
        var body = "";
        while (true)
        {
            var size = Convert.ToInt32((await ReadLineAsync(connection)).Split(';')[0].Trim(), 16);
            if (size == 0)
                break;
            body += await connection.ReadAsync(size);
            await ReadLineAsync(connection);
        }

        while (await ReadLineAsync(connection) is { Length: > 0 } trailer)
            body += $"[{trailer}]";
        return body;
    }

    static async Task<string> ReadLineAsync(RawUpstream.Connection connection)
    {
        var line = "";
        while (!line.EndsWith("\r\n", StringComparison.Ordinal))
            line += await connection.ReadAsync(1);
        return line[..^2];
    }

    async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _owned.Add(socket);
        await socket.ConnectAsync(IPAddress.Loopback, _url.Port);
        return socket;
    }

    static Task SendAsync(Socket socket, string text) => socket.SendAsync(Encoding.Latin1.GetBytes(text));

    static async Task<string> ReadAsync(Socket socket, Func<string, bool>? until = null, double seconds = 10)
    {
        var text = new StringBuilder();
        var buffer = new byte[65536];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        try
        {
            while (until is null || !until(text.ToString()))
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
                if (read == 0)
                    break;
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && seconds < 10))
        {
            text.Append("(broken)");
        }

        return text.ToString();
    }

    /// <summary>Sends the pieces one by one and reads until the proxy closes.</summary>
    async Task<string> AskAsync(IEnumerable<string> pieces, double seconds = 10)
    {
        using var socket = await ConnectAsync();
        try
        {
            foreach (var piece in pieces)
                await SendAsync(socket, piece);
        }
        catch (SocketException)
        {
            // The proxy has closed already, which is its right after nonsense.
        }

        return await ReadAsync(socket, seconds: seconds);
    }

    [Theory]
    [InlineData("https://127.0.0.1:5080")]
    [InlineData("http://shop.example:5080")]
    [InlineData("http://192.0.2.1:5080")]
    public void An_address_that_cannot_be_served_is_named_with_what_to_do(string url)
    {
        var error = Should.Throw<UserErrorException>(() => ProxyServer.Listen(new Uri(url), () => null!, TimeProvider.System));
        error.Message.ShouldContain(new Uri(url).Host);
        error.Remedy.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 5\r\n\r\nhello", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x5\r\n\r\nhello", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\nhello", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n folded\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n X-A: 1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n: 1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX-A\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX(A): 1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX-A: a\u0000b\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX-A: a\rX-B: b\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\nHost: x\n\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\nX-A: 1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", 400)]
    [InlineData("GET http://other/ HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET http://x@other/ HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET relative HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /\tx HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1 \r\nHost: x\r\n\r\n", 400)]
    [InlineData("G(T / HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505)]
    [InlineData("GET /\r\n\r\n", 400)]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n", 400)]
    public async Task What_two_readers_could_understand_differently_is_refused_and_ends_the_connection(string request, int code)
    {
        var upstream = ServeEcho();
        var answer = await AskAsync([request, Last]);
        answer.ShouldStartWith($"HTTP/1.1 {code} ");
        answer.Split("HTTP/1.1 ").Length.ShouldBe(2, "nothing behind it may be taken for a request");
        answer.ShouldContain("Connection: close\r\n");
        upstream.Heads.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("zz\r\n")]
    [InlineData("5\nhello\r\n0\r\n\r\n")]
    [InlineData(" 5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5;a\nb\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhelloX0\r\n\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("10000000000000000\r\n")]
    [InlineData("0\r\n folded: 1\r\n\r\n")]
    public async Task Malformed_chunks_are_refused_and_end_the_connection(string body)
    {
        ServeEcho();
        var answer = await AskAsync(["POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body, Last]);
        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.Split("HTTP/1.1 ").Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_head_that_is_too_long_is_refused()
    {
        ServeEcho();
        (await AskAsync(["GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + new string('x', 40_000)])).ShouldStartWith("HTTP/1.1 431 ");
    }

    [Fact]
    public async Task A_head_that_does_not_end_in_time_ends_the_connection()
    {
        ServeEcho();
        using var slow = await ConnectAsync();
        await SendAsync(slow, "GET / HT");
        using var other = await ConnectAsync();
        await SendAsync(other, Get);
        (await ReadAsync(other, x => x.EndsWith("/a", StringComparison.Ordinal))).ShouldEndWith("/a");
        var closed = ReadAsync(slow);
        for (var second = 0; second < 40; second++)
            _time.Advance(TimeSpan.FromSeconds(1));
        (await closed).ShouldBeEmpty();
    }

    // On a thread of their own: they wait, and what waits must not do so where sockets are served.
    [Fact]
    public Task Requests_are_understood_alike_in_whatever_pieces_they_come() => Task.Run(() =>
    {
        ServeEcho();
        const string Whole = Get + Post + Chunked + "\r\n" + Get + Last;
        const string Bodies = "/a|/bhello|/chello world[X-Trailer: t]|/a|/last";
        Prop.ForAll(
            Gen.Choose(1, Whole.Length - 1).ListOf(5).ToArbitrary(),
            cuts =>
            {
                int[] places = [0, .. cuts.Distinct().Order(), Whole.Length];
                var answer = AskAsync(places.Zip(places.Skip(1), (from, to) => Whole[from..to])).GetAwaiter().GetResult();
                return string.Join('|', answer.Split("HTTP/1.1 200 OK").Skip(1).Select(x => x.Split("\r\n\r\n")[1])) == Bodies;
            }).QuickCheckThrowOnFailure();
    });

    [Fact]
    public Task Nonsense_never_makes_the_proxy_and_the_replica_disagree_about_how_many_requests_there_were() => Task.Run(() =>
    {
        var upstream = ServeEcho();
        const string Bytes = "\r\n \t:;,\0\u007f\u00ff0159afx/HGC";
        var seen = 0;
        Prop.ForAll(
            Gen.Elements(Get, Post, Chunked).Zip(Gen.Choose(0, 10_000)).Zip(Gen.Choose(0, Bytes.Length - 1)).Zip(Gen.Choose(0, 2)).ToArbitrary(),
            x =>
            {
                var (((request, place), other), kind) = x;
                place %= request.Length;
                var mutant = kind switch
                {
                    0 => request[..place] + Bytes[other] + request[(place + 1)..],
                    1 => request[..place] + Bytes[other] + request[place..],
                    _ => request.Remove(place, 1),
                };
                // A machine that has much to do answers later than that; a disagreement stays one.
                return Agree(seconds: 0.3) || Agree(seconds: 5);

                bool Agree(double seconds)
                {
                    var answer = AskAsync([mutant + Last], seconds).GetAwaiter().GetResult();
                    var answers = answer.Split("HTTP/1.1 200 OK").Length - 1;
                    Waiting.UntilAsync(() => _revision.Gate.Count == 0).GetAwaiter().GetResult();
                    var heads = upstream.Heads.Count - seen;
                    seen += heads;
                    // One more than answers at most: the last one, whose body did not come or was malformed.
                    return heads >= answers && heads <= answers + 1 && upstream.Heads.All(head => head.Split("\r\n")[0].EndsWith(" HTTP/1.1", StringComparison.Ordinal));
                }
            }).QuickCheckThrowOnFailure();
    });

    [Fact]
    public void The_end_of_a_body_in_chunks_is_found_in_whatever_pieces_it_comes() =>
        Prop.ForAll(
            Gen.Choose(0, 300).ListOf().Zip(Gen.Choose(1, 40)).ToArbitrary(),
            x =>
            {
                var (sizes, step) = x;
                var text = string.Concat(sizes.Where(size => size > 0).Select(size => $"{size:x}\r\n{new string('\r', size)}\r\n")) + "0\r\nX-A: 1\r\n\r\n";
                var bytes = Encoding.ASCII.GetBytes(text + "GET /");
                var scanner = default(ChunkScanner);
                var taken = 0;
                for (var at = 0; at < bytes.Length && !scanner.IsDone; at += step)
                    taken += scanner.Scan(bytes.AsSpan(at, Math.Min(step, bytes.Length - at)));
                return scanner.IsDone && taken == text.Length;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task An_answer_that_comes_before_the_body_has_ended_reaches_the_client()
    {
        Serve(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadAsync(5);
            await connection.SendAsync("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
        });
        using var socket = await ConnectAsync();
        await SendAsync(socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\nhello");
        var answer = await ReadAsync(socket, x => x.EndsWith("no", StringComparison.Ordinal));
        answer.ShouldStartWith("HTTP/1.1 413 ");
        answer.ShouldContain("Connection: close\r\n");
        // What the client still sends does not hurt.
        await SendAsync(socket, new string('x', 100_000));
        (await ReadAsync(socket)).ShouldBeEmpty();
        await Waiting.UntilAsync(() => _revision.Gate.Count == 0);
        _revision.Metrics.UpstreamFailures.ShouldBe(0);
    }

    [Fact]
    public async Task Early_hints_and_trailers_reach_the_client()
    {
        Serve(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
            await connection.SendAsync("HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n");
        });
        var answer = await AskAsync([Last]);
        answer.ShouldStartWith("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\n");
        answer.ShouldContain("Trailer: X-Sum\r\n");
        answer.ShouldEndWith("2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n");
    }

    [Fact]
    public async Task Requests_with_a_body_use_connections_that_the_replica_has_kept_open_before()
    {
        var upstream = ServeEcho();
        using var socket = await ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            var (request, end) = i < 3 ? (Get, "/a") : i % 2 == 0 ? (Post, "/bhello") : (Chunked, "[X-Trailer: t]");
            await SendAsync(socket, request);
            (await ReadAsync(socket, x => x.EndsWith(end, StringComparison.Ordinal))).ShouldStartWith("HTTP/1.1 200 ");
            await Waiting.UntilAsync(() => _revision.Gate.Count == 0);
        }

        upstream.Heads.Count.ShouldBe(20);
        upstream.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_large_body_goes_to_the_replica_byte_for_byte()
    {
        ServeEcho();
        var body = string.Concat(Enumerable.Range(0, 100_000).Select(x => $"{x},"));
        var answer = await AskAsync([$"POST /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n", body]);
        answer.ShouldEndWith("/b" + body);
    }

    [Theory]
    [InlineData("", "Connection: close")]
    [InlineData("Connection: keep-alive\r\n", "Connection: keep-alive")]
    public async Task A_client_of_the_former_version_is_served_as_it_expects(string fields, string expected)
    {
        var upstream = ServeEcho();
        using var socket = await ConnectAsync();
        await SendAsync(socket, $"GET /old HTTP/1.0\r\n{fields}\r\n");
        (await ReadAsync(socket, x => x.EndsWith("/old", StringComparison.Ordinal))).ShouldContain(expected + "\r\n");
        upstream.Heads.ShouldHaveSingleItem().ShouldStartWith("GET /old HTTP/1.0\r\n");
    }

    [Fact]
    public async Task Whoever_is_served_when_it_stops_gets_the_answer_and_the_others_are_let_go()
    {
        var go = new TaskCompletionSource();
        Serve(async connection =>
        {
            await connection.ReadHeadAsync();
            await go.Task;
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        using var idle = await ConnectAsync();
        using var busy = await ConnectAsync();
        await SendAsync(busy, Get);
        await Waiting.UntilAsync(() => _revision.Gate.Count == 1);
        var stopped = _server!.StopAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        (await ReadAsync(idle)).ShouldBeEmpty();
        await Should.ThrowAsync<SocketException>(ConnectAsync());
        go.SetResult();
        (await ReadAsync(busy)).ShouldEndWith("ok");
        busy.Dispose();
        await stopped.WaitAsync(TimeSpan.FromSeconds(10));
    }
}
