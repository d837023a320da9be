using System.Net;
using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>Serves <c>/metrics</c> at an address of this machine: the text file that commands have left, and the figures of this moment after it.</summary>
/// <param name="file">The text file; it need not be there.</param>
/// <param name="render">The figures of this moment.</param>
sealed class MetricsEndpoint(AbsolutePath file, Func<string> render) : IAsyncDisposable
{
    const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    HttpServer? _server;
    Uri? _address;

    /// <summary>Listens there, and nowhere else any more.</summary>
    /// <exception cref="UserErrorException">The address is not this machine's alone, or somebody else has it. Then nothing is served.</exception>
    public async Task ListenAsync(Uri? address)
    {
        if (address == _address)
            return;
        await DisposeAsync();
        if (address is null)
            return;
        if (address.Scheme != "http" || !(address.Host == "localhost" || (IPAddress.TryParse(address.DnsSafeHost, out var ip) && IPAddress.IsLoopback(ip))))
            throw new UserErrorException($"Metrics are served at addresses of this machine alone, and '{address.OriginalString}' is none.", "Write 'metrics: { listen: http://127.0.0.1:9464 }'.");
        try
        {
            _server = await HttpServer.ListenAsync(address, AnswerAsync);
            _address = address;
        }
        catch (IOException exception)
        {
            throw new UserErrorException($"Metrics cannot be served at {address.OriginalString}: {exception.Message}", "Give each environment an address of its own under 'metrics: listen:'.", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
            await server.DisposeAsync();
        (_server, _address) = (null, null);
    }

    async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != "/metrics" || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = ContentType;
        if (HttpMethods.IsGet(context.Request.Method))
            await context.Response.WriteAsync(await ReadFileAsync(context.RequestAborted) + render(), context.RequestAborted);
    }

    /// <summary>It is replaced as a whole, so what is there is whole.</summary>
    async Task<string> ReadFileAsync(CancellationToken cancellationToken)
    {
        try
        {
            return file.FileExists() ? await File.ReadAllTextAsync(file, cancellationToken) : "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
