using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fairlead.IntegrationTests;

/// <summary>
/// A replica in this process, which can die as abruptly as a killed one: its listener and all its connections are reset. Answers GET
/// with the path, POST with the body, and GET of <c>/stream…</c> in chunks with pauses between them.
/// </summary>
sealed class DyingBackend : IDisposable
{
    readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    readonly ConcurrentDictionary<Socket, bool> _connections = new();
    volatile bool _dead;

    public DyingBackend()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Dies now.</summary>
    public void Dispose()
    {
        _dead = true;
        _listener.Dispose();
        foreach (var connection in _connections.Keys)
            Reset(connection);
    }

    static void Reset(Socket connection)
    {
        try
        {
            connection.LingerState = new LingerOption(enable: true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has gone already.
        }

        connection.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = await _listener.AcceptAsync();
                connection.NoDelay = true;
                _connections[connection] = true;
                if (_dead)
                    Reset(connection);
                _ = ServeAsync(connection);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Dead.
        }
    }

    async Task ServeAsync(Socket connection)
    {
        try
        {
            var reader = new WireReader(connection);
            while (await reader.ReadHeadAsync() is { } head)
            {
                var body = await reader.ReadBodyAsync(head);
                var path = head.Split(' ', 3)[1];
                if (head.StartsWith("POST", StringComparison.Ordinal))
                    await SendAsync(connection, $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
                else if (path.StartsWith("/stream", StringComparison.Ordinal))
                    await StreamAsync(connection, path);
                else
                    await SendAsync(connection, $"HTTP/1.1 200 OK\r\nContent-Length: {path.Length}\r\n\r\n{path}");
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // Dead, or the proxy has closed.
        }
        finally
        {
            connection.Dispose();
            _connections.TryRemove(connection, out _);
        }
    }

    static async Task StreamAsync(Socket connection, string path)
    {
        await SendAsync(connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (var i = 0; i < 3; i++)
        {
            await Task.Delay(1);
            await SendAsync(connection, $"{path.Length:x}\r\n{path}\r\n");
        }

        await SendAsync(connection, "0\r\n\r\n");
    }

    static async ValueTask SendAsync(Socket connection, string text) => await connection.SendAsync(Encoding.Latin1.GetBytes(text));
}
