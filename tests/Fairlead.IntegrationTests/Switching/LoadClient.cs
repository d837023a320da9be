using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fairlead.IntegrationTests;

/// <summary>
/// Sends requests one after the other on a connection that is kept alive, and checks every answer to the last byte.
/// </summary>
/// <param name="number">Which client this is; part of what it sends.</param>
/// <param name="port">Where to.</param>
/// <param name="mix">Makes the next request of an id and its number, with the body to expect.</param>
/// <param name="answered">Called after each request.</param>
sealed class LoadClient(int number, int port, Func<string, long, (string Request, string Body)> mix, Action answered)
{
    public List<string> Failures { get; } = [];

    public long Requests { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        Socket? socket = null;
        WireReader? reader = null;
        while (!stop.IsCancellationRequested)
        {
            var id = $"{number}-{Requests}";
            var (request, expected) = mix(id, Requests);
            Requests++;
            try
            {
                if (socket is null)
                {
                    socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), CancellationToken.None);
                    reader = new WireReader(socket);
                }

                await socket.SendAsync(Encoding.Latin1.GetBytes(request));
                var head = await reader!.ReadHeadAsync() ?? throw new IOException("The connection ended instead of an answer.");
                var body = await reader.ReadBodyAsync(head);
                if (!head.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) || body != expected)
                    Failures.Add($"{request.Split('\r')[0]}: {head.Split('\r')[0]}, {body.Length} bytes instead of {expected.Length}");
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                Failures.Add($"{request.Split('\r')[0]}: {e.Message}");
                socket?.Dispose();
                socket = null;
            }

            answered();
        }

        socket?.Dispose();
    }

    /// <summary>Mostly GET, some POST with a body that must come back, and now and then a stream, as <see cref="DyingBackend"/> answers them.</summary>
    public static (string Request, string Body) BackendMix(string id, long number) => (number % 16) switch
    {
        3 or 7 or 11 => Post(id),
        15 => (Get($"/stream/{id}"), $"/stream/{id}/stream/{id}/stream/{id}"),
        _ => (Get($"/item/{id}"), $"/item/{id}"),
    };

    /// <summary>The same for Storefront.</summary>
    public static (string Request, string Body) StorefrontMix(string id, long number) => (number % 16) switch
    {
        3 or 7 or 11 => Post(id),
        15 => (Get("/stream?chunks=3&delay=1"), "chunk 0\nchunk 1\nchunk 2\n"),
        _ => (Get("/items"), """[{"id":1,"name":"anchor"},{"id":2,"name":"bollard"},{"id":3,"name":"cleat"},{"id":4,"name":"fairlead"},{"id":5,"name":"hawser"},{"id":6,"name":"thimble"}]"""),
    };

    static string Get(string path) => $"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n";

    static (string Request, string Body) Post(string id)
    {
        var body = string.Concat(Enumerable.Repeat(id + ";", 20));
        return ($"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: {body.Length}\r\n\r\n{body}", body);
    }
}
