using System.Net;
using Fairlead.Tooling;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Fairlead.Agent;

/// <summary>Kestrel without the hosting around it: one listener, one handler.</summary>
sealed class HttpServer : IAsyncDisposable
{
    readonly KestrelServer _server;

    HttpServer(KestrelServer server) => _server = server;

    /// <summary>Listens on a service's address.</summary>
    /// <exception cref="UserErrorException">The address cannot be used; the message says why.</exception>
    public static async Task<HttpServer> ListenAsync(Uri url, RequestDelegate handle)
    {
        if (url.Scheme != Uri.UriSchemeHttp || url.Port == 0)
            throw new UserErrorException($"The local platform cannot serve '{url}'.", "Give an http:// address with a port, like http://127.0.0.1:5080.");
        try
        {
            return await StartAsync(
                options =>
                {
                    if (url.Host == "localhost")
                        options.ListenLocalhost(url.Port);
                    else if (IPAddress.TryParse(url.DnsSafeHost, out var address))
                        options.Listen(address, url.Port);
                    else
                        throw new UserErrorException($"The local platform cannot serve '{url}': its host is neither an address nor 'localhost'.", "Use 127.0.0.1, or 0.0.0.0 for all addresses of this machine.");
                },
                handle);
        }
        catch (IOException e)
        {
            var owner = PortOwner.Find(url.Port);
            throw new UserErrorException(
                $"Port {url.Port} of '{url}' is taken{(owner is null ? "" : $" by {owner}")}.",
                "End what has it, or give the service another URL in environments.yml.",
                e);
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw new UserErrorException($"'{url}' cannot be listened on: {e.Message}.", "Give the service an address of this machine, and a port above 1023, in environments.yml.", e);
        }
    }

    public static Task<HttpServer> ListenAsync(AbsolutePath socket, RequestDelegate handle) => StartAsync(options => options.ListenUnixSocket(socket), handle);

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
        // The replica behind decides what is too large or too slow.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.RequestHeaderEncodingSelector = _ => System.Text.Encoding.Latin1;
        options.ResponseHeaderEncodingSelector = _ => System.Text.Encoding.Latin1;
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
