using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fairlead.Agent.Tests;

/// <summary>The proxy's own HTTP/1.1, against replicas that say odd things byte for byte.</summary>
public sealed class UpstreamConnectionTests : IAsyncDisposable
{
    const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    readonly RoutedRevision _revision = new("shop", "shop.1");
    readonly List<IDisposable> _owned = [];
    readonly Uri _url;
    ProxyServer? _server;

    public UpstreamConnectionTests()
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

    async Task<RawUpstream> ServeAsync(Func<RawUpstream.Connection, Task> serve)
    {
        var raw = new RawUpstream(serve);
        var upstream = new Upstream(raw.Port);
        _owned.AddRange([raw, upstream]);
        _revision.SetTargets([upstream]);
        var router = new Router();
        router.Switch(new RoutingTable([(_revision, 100)]));
        var forwarder = new Forwarder("shop", router, TimeProvider.System, _ => { });
        _server = ProxyServer.Listen(_url, () => forwarder, TimeProvider.System);
        await Task.CompletedTask;
        return raw;
    }

    Task<RawUpstream> AnswerAsync(string response) => ServeAsync(async connection =>
    {
        while (await connection.ReadHeadAsync() is not null)
            await connection.SendAsync(response);
    });

    async Task<string> AskAsync(string path = "/", string method = "GET", string fields = "")
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _url.Port);
        await socket.SendAsync(Encoding.Latin1.GetBytes($"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{fields}\r\n"));
        var text = new StringBuilder();
        var buffer = new byte[4096];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            for (int read; (read = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token)) > 0;)
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (SocketException)
        {
            text.Append("(reset)");
        }

        return text.ToString();
    }

    [Fact]
    public async Task One_connection_serves_request_after_request()
    {
        var upstream = await AnswerAsync(Ok);
        for (var i = 0; i < 20; i++)
        {
            (await AskAsync()).ShouldEndWith("\r\n\r\nok");
            await Waiting.UntilAsync(() => _revision.Gate.Count == 0);
        }

        upstream.Heads.Count.ShouldBe(20);
        upstream.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task The_answer_may_come_in_any_pieces()
    {
        const string Whole = "HTTP/1.1 200 Fine\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n7\r\n, world\r\n0\r\nX-Trailer: t\r\n\r\n";
        await ServeAsync(async connection =>
        {
            connection.Socket.NoDelay = true;
            for (var size = 1; await connection.ReadHeadAsync() is not null; size++)
            {
                for (var at = 0; at < Whole.Length; at += size)
                    await connection.SendAsync(Whole[at..Math.Min(Whole.Length, at + size)]);
            }
        });
        using var http = new HttpClient();
        for (var size = 1; size < 20; size++)
        {
            using var answer = await http.GetAsync(_url);
            answer.ReasonPhrase.ShouldBe("Fine");
            answer.Headers.GetValues("X-A").ShouldBe(["1"]);
            (await answer.Content.ReadAsStringAsync()).ShouldBe("hello, world");
            answer.TrailingHeaders.GetValues("X-Trailer").ShouldBe(["t"]);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 2\n\nok")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200\r\nContent-Length:2\r\n\r\nok")]
    public async Task Tolerable_answers_go_through(string response)
    {
        await AnswerAsync(response);
        for (var i = 0; i < 3; i++)
            (await AskAsync()).ShouldEndWith("\r\n\r\nok");
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX-A : 1\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: 1\r\n folded\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: 1\rX-B: 2\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/2 200\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n")]
    public async Task Malformed_and_ambiguous_answers_are_502(string response)
    {
        await AnswerAsync(response);
        (await AskAsync()).ShouldStartWith("HTTP/1.1 502 ");
        await Waiting.UntilAsync(() => _revision.Gate.Count == 0);
        await Waiting.UntilAsync(() => _revision.Metrics.Tally.Read().Failed > 0);
    }

    [Fact]
    public async Task A_head_without_end_is_502()
    {
        await AnswerAsync("HTTP/1.1 200 OK\r\nX-Long: " + new string('x', 200_000));
        (await AskAsync()).ShouldStartWith("HTTP/1.1 502 ");
    }

    [Theory]
    [InlineData("5\r\nhello\r\nzz\r\n")]
    [InlineData("5\r\nhelloworld\r\n")]
    [InlineData("ffffffffffffffffff\r\nhello")]
    [InlineData("-5\r\nhello\r\n0\r\n\r\n")]
    public async Task Malformed_chunks_break_the_answer_off(string chunks)
    {
        await AnswerAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
        (await AskAsync()).ShouldNotEndWith("\r\n0\r\n\r\n");
        await Waiting.UntilAsync(() => _revision.Metrics.Tally.Read().Failed == 1);
    }

    [Fact]
    public async Task A_body_that_ends_with_the_connection_goes_through_whole()
    {
        var body = new string('x', 300_000);
        await ServeAsync(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\n\r\n" + body);
        });
        (await AskAsync()).Count(x => x == 'x').ShouldBe(body.Length);
    }

    [Fact]
    public async Task A_large_body_goes_through_byte_for_byte()
    {
        var body = string.Concat(Enumerable.Range(0, 100_000).Select(x => $"{x},"));
        await AnswerAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        for (var i = 0; i < 3; i++)
            (await AskAsync()).ShouldEndWith("\r\n\r\n" + body);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")]
    public async Task What_could_mix_up_two_answers_ends_the_connection(string response)
    {
        var upstream = await AnswerAsync(response);
        for (var i = 0; i < 5; i++)
        {
            var answer = await AskAsync();
            answer.ShouldContain("ok");
            answer.ShouldNotContain("evil");
            await Waiting.UntilAsync(() => _revision.Gate.Count == 0);
        }

        upstream.Connections.ShouldBe(5);
    }

    [Fact]
    public async Task An_answer_to_HEAD_has_no_body_whatever_it_says()
    {
        var upstream = await AnswerAsync("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n");
        for (var i = 0; i < 3; i++)
        {
            (await AskAsync(method: "HEAD")).ShouldContain("Content-Length: 1234\r\n");
            await Waiting.UntilAsync(() => _revision.Gate.Count == 0);
        }

        upstream.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_that_was_closed_while_idle_is_replaced_without_counting_as_a_failure()
    {
        await ServeAsync(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync(Ok);
        });
        for (var i = 0; i < 50; i++)
        {
            (await AskAsync()).ShouldEndWith("ok");
            await Waiting.UntilAsync(() => _revision.Gate.Count == 0);
        }

        _revision.Metrics.UpstreamFailures.ShouldBe(0);
    }
}
