using System.Net;
using System.Net.Sockets;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests.Scanning;

/// <summary>A real image registry (Debian's docker-registry) on this machine, for one test.</summary>
sealed class LocalRegistry : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new(TimeSpan.FromMinutes(10));
    readonly Task _running;

    LocalRegistry(AbsolutePath directory, int port)
    {
        Host = $"127.0.0.1:{port}";
        Http = new HttpClient { BaseAddress = new Uri($"http://{Host}/") };
        File.WriteAllText(directory.CreateDirectory() / "registry.yml", $$"""
            version: 0.1
            log: { level: error }
            storage: { filesystem: { rootdirectory: {{directory / "data"}} } }
            http: { addr: {{Host}} }
            """);
        _running = new ProcessRunner(new Redactor(), TimeProvider.System, directory)
            .RunAsync(ToolCommand.Of("docker-registry", "serve", directory / "registry.yml").WithAnyExitCode(), cancellationToken: _stop.Token);
    }

    public string Host { get; }

    public HttpClient Http { get; }

    public static async Task<LocalRegistry> StartAsync(AbsolutePath directory)
    {
        Assert.SkipWhen(ToolPath.Find("docker-registry", directory, Environment.GetEnvironmentVariable("PATH")) is null, "There is no docker-registry on this machine.");
        var registry = new LocalRegistry(directory, FreePort());
        for (var i = 0; i < 100; i++)
        {
            try
            {
                using var answer = await registry.Http.GetAsync(new Uri("v2/", UriKind.Relative));
                if (answer.IsSuccessStatusCode)
                    return registry;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Delay(100);
        }

        throw new InvalidOperationException("The registry did not begin within ten seconds.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // It was stopped.
        }

        Http.Dispose();
        _stop.Dispose();
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
