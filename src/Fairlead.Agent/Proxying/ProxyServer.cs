using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>Listens on a service's address, and serves the clients that connect.</summary>
/// <remarks>
/// An own loop over sockets, not Kestrel: a proxy needs no request objects, and its work for a request is so short that each hop to another
/// thread costs as much as it (measured: nearly half of the throughput). Everything here runs where the system reports that a socket is ready, so nothing may block.
/// </remarks>
sealed class ProxyServer : IAsyncDisposable
{
    const int Backlog = 512;

    static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);
    static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    readonly List<Socket> _listeners;
    readonly Func<Forwarder> _forwarder;
    readonly TimeProvider _time;
    readonly ITimer _sweep;
    readonly ConcurrentDictionary<ClientConnection, bool> _connections = new();
    readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile bool _isStopping;

    ProxyServer(List<Socket> listeners, Func<Forwarder> forwarder, TimeProvider time)
    {
        (_listeners, _forwarder, _time) = (listeners, forwarder, time);
        _sweep = time.CreateTimer(static x => ((ProxyServer)x!).Sweep(), this, SweepInterval, SweepInterval);
        foreach (var listener in listeners)
            _ = AcceptAsync(listener);
    }

    /// <summary>Listens on a service's address.</summary>
    /// <param name="url">Plain HTTP, with an address of this machine or <c>localhost</c>.</param>
    /// <param name="forwarder">Who answers; asked for each request.</param>
    /// <param name="time">The clock for limits.</param>
    /// <exception cref="UserErrorException">The address cannot be used; the message says why.</exception>
    public static ProxyServer Listen(Uri url, Func<Forwarder> forwarder, TimeProvider time)
    {
        if (url.Scheme != Uri.UriSchemeHttp || url.Port == 0)
            throw new UserErrorException($"The local platform cannot serve '{url}'.", "Give an http:// address with a port, like http://127.0.0.1:5080.");
        List<Socket> listeners = [];
        try
        {
            if (url.Host == "localhost")
            {
                listeners.Add(Bind(new IPEndPoint(IPAddress.Loopback, url.Port)));
                if (Socket.OSSupportsIPv6)
                    BindToo(new IPEndPoint(IPAddress.IPv6Loopback, url.Port), listeners);
            }
            else if (IPAddress.TryParse(url.DnsSafeHost, out var address))
            {
                listeners.Add(Bind(new IPEndPoint(address, url.Port)));
            }
            else
            {
                throw new UserErrorException($"The local platform cannot serve '{url}': its host is neither an address nor 'localhost'.", "Use 127.0.0.1, or 0.0.0.0 for all addresses of this machine.");
            }

            return new ProxyServer(listeners, forwarder, time);
        }
        catch (SocketException e)
        {
            listeners.ForEach(x => x.Dispose());
            if (e.SocketErrorCode != SocketError.AddressAlreadyInUse)
                throw new UserErrorException($"'{url}' cannot be listened on: {e.Message}.", "Give the service an address of this machine, and a port above 1023, in environments.yml.", e);
            var owner = PortOwner.Find(url.Port);
            throw new UserErrorException(
                $"Port {url.Port} of '{url}' is taken{(owner is null ? "" : $" by {owner}")}.",
                "End what has it, or give the service another URL in environments.yml.",
                e);
        }
    }

    /// <summary>Takes no new connections from the moment of the call on, and completes when the requests in flight have ended or the limit is over.</summary>
    public async Task StopAsync(TimeSpan limit, TimeProvider time)
    {
        _isStopping = true;
        _listeners.ForEach(x => x.Dispose());
        foreach (var connection in _connections.Keys)
            connection.CloseIfIdle();
        if (_connections.IsEmpty)
            _empty.TrySetResult();
        try
        {
            await _empty.Task.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            // They are cut.
        }

        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        _listeners.ForEach(x => x.Dispose());
        await _sweep.DisposeAsync();
        foreach (var connection in _connections.Keys)
            connection.Dispose();
    }

    static Socket Bind(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(address);
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    static void BindToo(IPEndPoint address, List<Socket> listeners)
    {
        try
        {
            listeners.Add(Bind(address));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            // A machine without IPv6: the other one will do.
        }
    }

    async Task AcceptAsync(Socket listener)
    {
        while (!_isStopping)
        {
            try
            {
                if (Begin(await listener.AcceptAsync()) is { } connection)
                    _ = ServeAsync(connection);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                if (_isStopping)
                    return;
                // There are too many files open.
                await Task.Delay(AcceptPause, _time);
            }
        }
    }

    ClientConnection? Begin(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            return new ClientConnection(socket, _time);
        }
        catch (SocketException)
        {
            // The client has gone already.
            socket.Dispose();
            return null;
        }
    }

    async Task ServeAsync(ClientConnection connection)
    {
        _connections[connection] = true;
        try
        {
            if (_isStopping)
                connection.Dispose();
            else
                await connection.ServeAsync(_forwarder, () => _isStopping);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            if (_isStopping && _connections.IsEmpty)
                _empty.TrySetResult();
        }
    }

    void Sweep()
    {
        var now = _time.GetTimestamp();
        foreach (var (connection, _) in _connections)
            connection.CloseIfLate(now);
    }
}
