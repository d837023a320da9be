using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fairlead.Agent.Tests;

/// <summary>A replica that says, byte for byte, what a test wants, and remembers what it was sent.</summary>
sealed class RawUpstream : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public RawUpstream(Func<Connection, Task> serve)
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync(serve);
    }

    public int Port { get; }

    public ConcurrentQueue<string> Heads { get; } = new();

    public int Connections { get; private set; }

    /// <summary>Answers every request on a connection with the same bytes.</summary>
    public static RawUpstream Answering(string response) => new(async connection =>
    {
        while (await connection.ReadHeadAsync() is not null)
            await connection.SendAsync(response);
    });

    public void Dispose() => _listener.Dispose();

    async Task AcceptAsync(Func<Connection, Task> serve)
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync();
                Connections++;
                _ = ServeAsync(socket, serve);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    async Task ServeAsync(Socket socket, Func<Connection, Task> serve)
    {
        using (socket)
        {
            try
            {
                await serve(new Connection(this, socket));
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // The proxy has gone.
            }
        }
    }

    public sealed class Connection(RawUpstream upstream, Socket socket)
    {
        readonly byte[] _one = new byte[1];

        public Socket Socket => socket;

        /// <summary>The head of the next request; null when the proxy has closed.</summary>
        public async Task<string?> ReadHeadAsync()
        {
            var head = new StringBuilder();
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                if (await socket.ReceiveAsync(_one.AsMemory()) == 0)
                    return null;
                head.Append((char)_one[0]);
            }

            upstream.Heads.Enqueue(head.ToString());
            return head.ToString();
        }

        public async Task<string> ReadAsync(int count)
        {
            var buffer = new byte[count];
            for (var read = 0; read < count;)
            {
                var now = await socket.ReceiveAsync(buffer.AsMemory(read));
                if (now == 0)
                    throw new IOException("The proxy has gone.");
                read += now;
            }

            return Encoding.Latin1.GetString(buffer);
        }

        public async Task SendAsync(string text) => await socket.SendAsync(Encoding.Latin1.GetBytes(text));
    }
}
