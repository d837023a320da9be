namespace Fairlead.Deployment;

/// <summary>Asks over HTTP, past any proxy of the environment, 5 seconds at most.</summary>
public sealed class HttpEndpointProbe : IEndpointProbe, IDisposable
{
    readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(5) };

    /// <inheritdoc/>
    public async Task<string?> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client.GetAsync(address, cancellationToken);
            return response.IsSuccessStatusCode ? null : $"{(int)response.StatusCode} {response.ReasonPhrase}";
        }
        catch (HttpRequestException exception)
        {
            return exception.Message.TrimEnd('.');
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"nothing within {Durations.Format(_client.Timeout)}";
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
