using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Fairlead.Agent;

/// <summary>Sending to the end, on a socket that may be full or gone.</summary>
static class SocketSending
{
    /// <summary>Sends everything. Mostly the system takes it at once.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None)..];
    }

    /// <summary>Tells the other side that nothing more comes.</summary>
    public static void End(Socket socket) => ShutDown(socket, SocketShutdown.Send);

    /// <summary>Ends both directions: what waits for this socket goes on and finds the end.</summary>
    public static void Break(Socket socket) => ShutDown(socket, SocketShutdown.Both);

    /// <summary>Ends it in such a way that the other side gets an error.</summary>
    public static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, 0);
            socket.Dispose();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other side has gone.
        }
    }

    static void ShutDown(Socket socket, SocketShutdown how)
    {
        try
        {
            socket.Shutdown(how);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other side has gone.
        }
    }
}
