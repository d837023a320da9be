using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>Speaks to the agent of one environment. An agent that hangs holds no command, and with it the lock, for ever: each call has a limit.</summary>
sealed class AgentClient : IDisposable
{
    /// <summary>What an answer may take beyond what is waited for on purpose.</summary>
    static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>What unpacking an artifact may take.</summary>
    static readonly TimeSpan Unpacking = TimeSpan.FromMinutes(10);

    readonly HttpClient _http;
    readonly TimeProvider _time;

    public AgentClient(AbsolutePath socket, TimeProvider time)
    {
        _time = time;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            // Each call takes a connection of its own: an agent that was replaced in between is noticed, and calls are few.
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket.ToString()), cancellationToken);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        };
        // Each call has its own.
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://agent"), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The agent's answer, or null when nobody listens.</summary>
    public async Task<AgentInfo?> TryGetInfoAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _http.GetFromJsonAsync<AgentInfo>(Address("agent"), AgentProtocol.Json, cancellationToken);
        }
        catch (HttpRequestException e) when (e.StatusCode is not null)
        {
            // Something answers, but not in this version's words.
            return new AgentInfo(0, "", 0);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public Task<AgentStateResponse> GetStateAsync(CancellationToken cancellationToken) => LimitedAsync(
        "state",
        Margin,
        async token => await _http.GetFromJsonAsync<AgentStateResponse>(Address("state"), AgentProtocol.Json, token) ?? throw new JsonException("It is empty."),
        cancellationToken);

    public Task PrepareAsync(PrepareRequest request, CancellationToken cancellationToken) =>
        CallAsync<PrepareRequest, AgentInfo>(HttpMethod.Post, "prepare", request, Margin, cancellationToken);

    public async Task CloseOthersAsync(PrepareRequest request, CancellationToken cancellationToken) =>
        await CallAsync<PrepareRequest, AgentInfo>(HttpMethod.Post, "close-others", request, await StoppingAsync(cancellationToken) + Margin, cancellationToken);

    public async Task BringUpAsync(BringUpRequest request, CancellationToken cancellationToken) =>
        await CallAsync<BringUpRequest, AgentInfo>(HttpMethod.Post, "revisions", request, await StoppingAsync(cancellationToken) + Unpacking, cancellationToken);

    /// <summary>Whether the agent knows the call: one of an earlier version runs on until it is replaced.</summary>
    public async Task<bool> ServeMetricsAsync(MetricsRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync<MetricsRequest, AgentInfo>(HttpMethod.Put, "metrics", request, Margin, cancellationToken);
            return true;
        }
        catch (UserErrorException exception) when (exception.Message.StartsWith("There is no call", StringComparison.Ordinal))
        {
            return false;
        }
    }

    public Task SetWeightsAsync(string service, WeightsRequest request, CancellationToken cancellationToken) =>
        CallAsync<WeightsRequest, AgentInfo>(HttpMethod.Put, $"services/{Uri.EscapeDataString(service)}/weights", request, Margin, cancellationToken);

    public async Task<RetireResponse> RetireAsync(string revision, RetireRequest request, CancellationToken cancellationToken) => await CallAsync<RetireRequest, RetireResponse>(
        HttpMethod.Post, $"revisions/{Uri.EscapeDataString(revision)}/retire", request, await StoppingAsync(cancellationToken) + Margin, cancellationToken);

    public Task GuardAsync(GuardRequest request, CancellationToken cancellationToken) =>
        CallAsync<GuardRequest, AgentInfo>(HttpMethod.Put, "guard", request, Margin, cancellationToken);

    /// <summary>First the addresses are drained, then the revisions.</summary>
    public async Task RemoveAsync(TokenRequest request, CancellationToken cancellationToken) =>
        await CallAsync<TokenRequest, AgentInfo>(HttpMethod.Post, "remove", request, (2 * await StoppingAsync(cancellationToken)) + Margin, cancellationToken);

    public Task<string> GetMetricsAsync(CancellationToken cancellationToken) => _http.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellationToken);

    public void Dispose() => _http.Dispose();

    Task<TResponse> CallAsync<TRequest, TResponse>(HttpMethod method, string path, TRequest body, TimeSpan limit, CancellationToken cancellationToken) => LimitedAsync(
        path,
        limit,
        async token =>
        {
            using var request = new HttpRequestMessage(method, Address(path)) { Content = JsonContent.Create(body, options: AgentProtocol.Json) };
            using var response = await _http.SendAsync(request, token);
            if (response.IsSuccessStatusCode)
                return (await response.Content.ReadFromJsonAsync<TResponse>(AgentProtocol.Json, token))!;

            var text = await response.Content.ReadAsStringAsync(token);
            var error = response.Content.Headers.ContentType?.MediaType == "application/json"
                ? JsonSerializer.Deserialize<AgentError>(text, AgentProtocol.Json)
                : null;
            if (response.StatusCode == HttpStatusCode.Conflict && error?.HighestToken is { } highest)
                throw new FencedException(highest);
            throw new UserErrorException(error?.Message ?? $"The agent answered {(int)response.StatusCode} to '{path}': {text}", error?.Remedy);
        },
        cancellationToken);

    async Task<T> LimitedAsync<T>(string path, TimeSpan limit, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await call(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UserErrorException(
                $"The background process of the local platform did not answer the call '{path}' within {limit.TotalSeconds} s.",
                "See its log 'logs/agent.log' in the environment's state directory. When it hangs, end it and run the command again: the next one takes up what it had.",
                e);
        }
        catch (Exception e) when (e is IOException or JsonException or HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded })
        {
            throw new UserErrorException(
                $"The answer of the local platform's background process to the call '{path}' broke off or cannot be read: {e.Message}",
                "Run the command again: every call can be repeated. Its log 'logs/agent.log' in the environment's state directory may say more.",
                e);
        }
    }

    /// <summary>What stopping anything that is up may take.</summary>
    async Task<TimeSpan> StoppingAsync(CancellationToken cancellationToken) =>
        (await GetStateAsync(cancellationToken)).Revisions.Select(x => x.StopLimit).DefaultIfEmpty().Max();

    static Uri Address(string path) => new($"/v{AgentProtocol.Version}/{path}", UriKind.Relative);
}
