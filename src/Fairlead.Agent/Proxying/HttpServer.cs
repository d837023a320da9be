using System.Net;
using Fairlead.Tooling;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Fairlead.Agent;

/// <summary>Kestrel without the hosting around it, for the control socket and the metrics: one listener, one handler.</summary>
sealed class HttpServer : IAsyncDisposable
{
    readonly KestrelServer _server;

    HttpServer(KestrelServer server) => _server = server;

    public static Task<HttpServer> ListenAsync(AbsolutePath socket, RequestDelegate handle) => StartAsync(options => options.ListenUnixSocket(socket), handle);

    /// <summary>Listens at an address of this machine alone.</summary>
    public static Task<HttpServer> ListenAsync(Uri loopback, RequestDelegate handle) => StartAsync(
        options =>
        {
            if (IPAddress.TryParse(loopback.DnsSafeHost, out var address))
                options.Listen(address, loopback.Port);
            else
                options.ListenLocalhost(loopback.Port);
        },
        handle);

    public async Task StopAsync(TimeSpan limit, TimeProvider time)
    {
        using var end = new CancellationTokenSource(limit, time);
        await _server.StopAsync(end.Token);
    }

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    static async Task<HttpServer> StartAsync(Action<KestrelServerOptions> listen, RequestDelegate handle)
    {
        var options = new KestrelServerOptions { AddServerHeader = false, AllowResponseHeaderCompression = false };
        options.ConfigureEndpointDefaults(x => x.Protocols = HttpProtocols.Http1);
        listen(options);
        var loggers = NullLoggerFactory.Instance;
        var server = new KestrelServer(Options.Create(options), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers), loggers);
        try
        {
            await server.StartAsync(new Application(handle), CancellationToken.None);
            return new HttpServer(server);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    sealed class Application(RequestDelegate handle) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => handle(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
