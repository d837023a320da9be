using System.Net;
using System.Net.Sockets;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Agent.Tests;

/// <summary>Which addresses are open, and who answers there.</summary>
public sealed class EndpointTests : IAsyncDisposable
{
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-test-").FullName);
    readonly ManualTimeProvider _time = new();
    readonly FakeReplicaHost _host = new();
    readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(10) };
    readonly int _port = FreePort();
    readonly int _otherPort = FreePort();
    Supervisor _supervisor;

    public EndpointTests() => _supervisor = New();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _supervisor.ShutDownAsync();
        _root.DeleteDirectory();
    }

    Supervisor New() => new(new AgentPaths(_root / "state"), _host, _time, _ => { });

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static PrepareRequest Endpoints(params (string Service, string? Url)[] endpoints) =>
        new(1, [.. endpoints.Select(x => new EndpointMessage(x.Service, x.Url is null ? null : new Uri(x.Url)))]);

    Task PrepareAsync(params (string Service, string? Url)[] endpoints) => _supervisor.PrepareAsync(Endpoints(endpoints));

    Task CloseOthersAsync(params (string Service, string? Url)[] endpoints) => _supervisor.CloseOthersAsync(Endpoints(endpoints), CancellationToken.None);

    /// <summary>Gives a service a revision whose replica nobody can reach: the answer then names the service all the same.</summary>
    async Task ServeAsync(string service, int ordinal)
    {
        var directory = (_root / "state" / "revisions" / new string('a', 64)).CreateDirectory();
        directory.DirectoryExists().ShouldBeTrue();
        await _supervisor.BringUpAsync(new BringUpRequest(1, ReplicaTests.Spec(ordinal) with { Service = service }), CancellationToken.None);
        await Waiting.UntilAsync(() => _supervisor.Describe().Revisions.Any(x => x.Service == service && x.Phase == "Healthy"));
    }

    Task WeighAsync(string service, params string[] revision) =>
        _supervisor.SetWeightsAsync(service, new WeightsRequest(1, revision.ToDictionary(x => x, _ => 100)));

    async Task<string> AskAsync(int port, string host = "127.0.0.1")
    {
        try
        {
            return await _http.GetStringAsync(new Uri($"http://{host}:{port}/"));
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return "refused";
        }
        catch (HttpRequestException)
        {
            using var response = await _http.GetAsync(new Uri($"http://{host}:{port}/"));
            return await response.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task The_former_address_of_a_service_stays_open_until_the_others_are_closed()
    {
        var (old, fresh) = ($"http://127.0.0.1:{_port}", $"http://127.0.0.1:{_otherPort}");
        await PrepareAsync(("shop", old));
        await PrepareAsync(("shop", fresh));
        (await AskAsync(_port)).ShouldContain("of shop");
        (await AskAsync(_otherPort)).ShouldContain("of shop");

        await CloseOthersAsync(("shop", fresh));
        (await AskAsync(_port)).ShouldBe("refused");
        (await AskAsync(_otherPort)).ShouldContain("of shop");
    }

    [Fact]
    public async Task A_renamed_service_takes_its_address_over_when_its_traffic_moves_and_not_before()
    {
        var url = $"http://127.0.0.1:{_port}";
        await PrepareAsync(("shop", url));
        await ServeAsync("shop", 1);
        await WeighAsync("shop", "shop.1");

        await PrepareAsync(("store", url));
        await ServeAsync("store", 2);
        (await AskAsync(_port)).ShouldContain("of shop");
        await WeighAsync("store", "store.2");
        (await AskAsync(_port)).ShouldContain("of store");
        AgentState.Read(_root / "state" / "agent.json", new SecretSeal(_root / "state")).Endpoints.ShouldHaveSingleItem().Service.ShouldBe("store");

        await PrepareAsync(("shop", url));
        (await AskAsync(_port)).ShouldContain("of store");
        await WeighAsync("store");
        (await AskAsync(_port)).ShouldContain("of shop", customMessage: "it was taken back");
    }

    [Fact]
    public async Task The_host_of_an_address_can_become_wider_and_narrower_on_the_same_port()
    {
        await PrepareAsync(("shop", $"http://127.0.0.1:{_port}"));
        await PrepareAsync(("shop", $"http://0.0.0.0:{_port}"));
        (await AskAsync(_port)).ShouldContain("of shop");
        await CloseOthersAsync(("shop", $"http://0.0.0.0:{_port}"));
        (await AskAsync(_port, "127.0.0.2")).ShouldContain("of shop");

        await PrepareAsync(("shop", $"http://127.0.0.1:{_port}"));
        (await AskAsync(_port, "127.0.0.2")).ShouldContain("of shop");
        await CloseOthersAsync(("shop", $"http://127.0.0.1:{_port}"));
        (await AskAsync(_port)).ShouldContain("of shop");
        (await AskAsync(_port, "127.0.0.2")).ShouldBe("refused");
    }

    [Fact]
    public async Task A_service_that_becomes_a_worker_or_is_dropped_loses_its_address_in_the_end()
    {
        await PrepareAsync(("shop", $"http://127.0.0.1:{_port}"), ("admin", $"http://127.0.0.1:{_otherPort}"));
        await PrepareAsync(("shop", null));
        (await AskAsync(_port)).ShouldContain("of shop");
        await CloseOthersAsync(("shop", null));
        (await AskAsync(_port)).ShouldBe("refused");
        (await AskAsync(_otherPort)).ShouldBe("refused");
        AgentState.Read(_root / "state" / "agent.json", new SecretSeal(_root / "state")).Endpoints.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_address_that_cannot_be_opened_leaves_all_as_it_was()
    {
        using var taken = new TcpListener(IPAddress.Parse("127.0.0.1"), _otherPort);
        taken.Start();
        await PrepareAsync(("shop", $"http://127.0.0.1:{_port}"));
        var error = await Should.ThrowAsync<UserErrorException>(PrepareAsync(("shop", $"http://0.0.0.0:{_port}"), ("admin", $"http://127.0.0.1:{_otherPort}")));
        error.Message.ShouldContain($"{_otherPort}");
        error.Message.ShouldNotContain($"process {Environment.ProcessId}", customMessage: "nobody shall be told to end the process that serves");
        (await AskAsync(_port)).ShouldContain("of shop");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_in_flight_may_end_within_the_drain_timeout_when_all_is_removed_or_the_agent_is_told_to_end(bool remove)
    {
        var arrived = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        using var upstream = new RawUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            arrived.SetResult();
            await answer.Task;
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        _host.Port = upstream.Port;
        await PrepareAsync(("shop", $"http://127.0.0.1:{_port}"));
        await ServeAsync("shop", 1);
        await WeighAsync("shop", "shop.1");
        var request = AskAsync(_port);
        await arrived.Task;

        var end = remove ? _supervisor.RemoveAsync(new TokenRequest(1)) : _supervisor.ShutDownAsync();
        (await AskAsync(_port)).ShouldBe("refused");
        _time.Advance(TimeSpan.FromSeconds(29));
        end.IsCompleted.ShouldBeFalse();
        answer.SetResult();

        (await request).ShouldBe("ok");
        await end.WaitAsync(TimeSpan.FromSeconds(10));
        _supervisor = New();
    }

    [Fact]
    public async Task Open_addresses_come_back_after_a_restart_also_in_the_middle_of_a_change()
    {
        await PrepareAsync(("shop", $"http://127.0.0.1:{_port}"));
        await PrepareAsync(("shop", $"http://127.0.0.1:{_otherPort}"));
        await _supervisor.ShutDownAsync();
        _supervisor = New();
        await _supervisor.RestoreAsync();
        (await AskAsync(_port)).ShouldContain("of shop");
        (await AskAsync(_otherPort)).ShouldContain("of shop");
    }
}
