using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Releases.Tests;

/// <summary>An HTTP server on this machine that answers as a test says, and remembers what it was asked.</summary>
sealed class FakeServer : IDisposable
{
    readonly HttpListener _listener = new();
    readonly Func<HttpListenerRequest, byte[], HttpListenerResponse, byte[]?> _answer;

    /// <param name="answer">Gets the request with its body, sets status and headers, and gives the body of the answer.</param>
    public FakeServer(Func<HttpListenerRequest, byte[], HttpListenerResponse, byte[]?> answer)
    {
        _answer = answer;
        using (var socket = new TcpListener(IPAddress.Loopback, 0))
        {
            socket.Start();
            Port = ((IPEndPoint)socket.LocalEndpoint).Port;
        }

        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Method, path and query of each request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public void Dispose() => _listener.Close();

    async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            Requests.Enqueue($"{context.Request.HttpMethod} {context.Request.Url!.PathAndQuery}");
            try
            {
                var answer = _answer(context.Request, body.ToArray(), context.Response);
                if (answer is not null && context.Request.HttpMethod != "HEAD")
                    await context.Response.OutputStream.WriteAsync(answer);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                context.Response.StatusCode = 500;
            }

            context.Response.Close();
        }
    }
}
