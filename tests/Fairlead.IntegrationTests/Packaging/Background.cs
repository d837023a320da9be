using System.Net;
using System.Net.Sockets;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>A server of a test: ended with it, with all that it started.</summary>
sealed class Background : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly Task<ProcessResult> _process;

    public Background(AbsolutePath directory, ToolCommand command) =>
        _process = new ProcessRunner(new Redactor(), TimeProvider.System, directory).RunAsync(command with { Timeout = TimeSpan.FromMinutes(15), SuccessExitCodes = [] }, onLine: null, _stop.Token);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until the server answers; fails when it ends, or after a minute.</summary>
    public async Task UntilAsync(Func<Task<bool>> isReady)
    {
        for (var attempt = 0; attempt < 300; attempt++)
        {
            if (_process.IsCompleted)
                throw new InvalidOperationException(Repository.Text(await _process));
            try
            {
                if (await isReady())
                    return;
            }
            catch (HttpRequestException)
            {
            }

            await Task.Delay(200);
        }

        throw new TimeoutException("The server does not answer.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _process;
        }
        catch (OperationCanceledException)
        {
        }

        _stop.Dispose();
    }
}
