using System.Net;
using System.Net.Sockets;
using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>This machine.</summary>
sealed class ReplicaHost(TimeProvider time, Random random) : IReplicaHost
{
    // Below the range from which Linux takes the ports of outgoing connections, so that none of those is in the way when the replica binds.
    const int FirstPort = 20_000;
    const int LastPort = 32_767;
    const int Remembered = 256;

    readonly Lock _gate = new();
    readonly Queue<int> _recent = new();

    public int FindPort()
    {
        lock (_gate)
        {
            for (var attempt = 0; attempt <= LastPort - FirstPort; attempt++)
            {
                var port = random.Next(FirstPort, LastPort + 1);
                // A replica that was just given a port may not have bound it yet.
                if (_recent.Contains(port) || !IsFree(port))
                    continue;
                _recent.Enqueue(port);
                if (_recent.Count > Remembered)
                    _recent.Dequeue();
                return port;
            }
        }

        throw new UserErrorException($"No port between {FirstPort} and {LastPort} is free.", "End what has them.");
    }

    // Where it cannot be had, what is left over is ended when the next agent starts.
    public ChildProcess Start(ChildProcessStart start) => ChildProcess.Start(start with { EndWithParent = true });

    public async Task<ProbeFailure?> ProbeAsync(Upstream upstream, ProbeMessage probe, CancellationToken cancellationToken)
    {
        foreach (var path in new[] { probe.HealthPath, probe.ReadyPath }.Distinct(StringComparer.Ordinal))
        {
            var isAlive = path != probe.HealthPath;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var timer = new CancellationTokenSource(probe.Timeout, time);
            await using var link = timer.Token.UnsafeRegister(static x => ((CancellationTokenSource)x!).Cancel(), limit);
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, upstream.Authority + path);
                // What follows may write files: that must not hold up the sockets (see SocketEngine).
                using var response = await upstream.ProbeAsync(request, limit.Token).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                if (!response.IsSuccessStatusCode)
                    return new ProbeFailure($"GET {path} answered {(int)response.StatusCode}.", IsAlive: true);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return new ProbeFailure($"GET {path} did not answer within {probe.Timeout.TotalSeconds} s.", isAlive);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                return new ProbeFailure($"GET {path} failed: {e.Message}", isAlive);
            }
        }

        return null;
    }

    static bool IsFree(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
