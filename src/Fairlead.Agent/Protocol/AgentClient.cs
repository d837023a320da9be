using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>Speaks to the agent of one environment.</summary>
sealed class AgentClient : IDisposable
{
    readonly HttpClient _http;

    public AgentClient(AbsolutePath socket)
    {
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
        // Retiring takes as long as requests are allowed to take.
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

    public async Task<AgentStateResponse> GetStateAsync(CancellationToken cancellationToken) =>
        await _http.GetFromJsonAsync<AgentStateResponse>(Address("state"), AgentProtocol.Json, cancellationToken)
        ?? throw new InvalidDataException("The agent answered nothing.");

    public Task PrepareAsync(PrepareRequest request, CancellationToken cancellationToken) =>
        CallAsync<PrepareRequest, AgentInfo>(HttpMethod.Post, "prepare", request, cancellationToken);

    public Task CloseOthersAsync(PrepareRequest request, CancellationToken cancellationToken) =>
        CallAsync<PrepareRequest, AgentInfo>(HttpMethod.Post, "close-others", request, cancellationToken);

    public Task BringUpAsync(BringUpRequest request, CancellationToken cancellationToken) =>
        CallAsync<BringUpRequest, AgentInfo>(HttpMethod.Post, "revisions", request, cancellationToken);

    public Task SetWeightsAsync(string service, WeightsRequest request, CancellationToken cancellationToken) =>
        CallAsync<WeightsRequest, AgentInfo>(HttpMethod.Put, $"services/{Uri.EscapeDataString(service)}/weights", request, cancellationToken);

    public Task<RetireResponse> RetireAsync(string revision, TokenRequest request, CancellationToken cancellationToken) =>
        CallAsync<TokenRequest, RetireResponse>(HttpMethod.Post, $"revisions/{Uri.EscapeDataString(revision)}/retire", request, cancellationToken);

    public Task RemoveAsync(TokenRequest request, CancellationToken cancellationToken) =>
        CallAsync<TokenRequest, AgentInfo>(HttpMethod.Post, "remove", request, cancellationToken);

    public Task<string> GetMetricsAsync(CancellationToken cancellationToken) => _http.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellationToken);

    public void Dispose() => _http.Dispose();

    async Task<TResponse> CallAsync<TRequest, TResponse>(HttpMethod method, string path, TRequest body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, Address(path)) { Content = JsonContent.Create(body, options: AgentProtocol.Json) };
        using var response = await _http.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
            return (await response.Content.ReadFromJsonAsync<TResponse>(AgentProtocol.Json, cancellationToken))!;

        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var error = response.Content.Headers.ContentType?.MediaType == "application/json"
            ? System.Text.Json.JsonSerializer.Deserialize<AgentError>(text, AgentProtocol.Json)
            : null;
        if (response.StatusCode == HttpStatusCode.Conflict && error?.HighestToken is { } highest)
            throw new FencedException(highest);
        throw new UserErrorException(error?.Message ?? $"The agent answered {(int)response.StatusCode} to '{path}': {text}", error?.Remedy);
    }

    static Uri Address(string path) => new($"/v{AgentProtocol.Version}/{path}", UriKind.Relative);
}
