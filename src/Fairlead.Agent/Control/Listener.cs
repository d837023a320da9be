using System.Net;

namespace Fairlead.Agent;

/// <summary>
/// One address that clients use, and the service that answers there. An address outlives its service: when another one takes it over,
/// the former one answers until the traffic moves.
/// </summary>
sealed class Listener(Uri url, ServiceRoute owner)
{
    readonly List<ProxyServer> _servers = [];
    volatile ServiceRoute _owner = owner;

    public Uri Url => url;

    public ServiceRoute Owner
    {
        get => _owner;
        set => _owner = value;
    }

    /// <summary>Who takes over when the traffic moves; null when nobody does.</summary>
    public ServiceRoute? Next { get; set; }

    public Task OpenAsync()
    {
        _servers.Add(ProxyServer.Listen(url, () => _owner.Forwarder, TimeProvider.System));
        return Task.CompletedTask;
    }

    /// <summary>Takes no new connections from the moment of the call on, and completes when the requests in flight have ended or the limit is over.</summary>
    public async Task CloseAsync(TimeSpan limit, TimeProvider time)
    {
        ProxyServer[] servers = [.. _servers];
        _servers.Clear();
        await Task.WhenAll(servers.Select(async server =>
        {
            await using (server)
                await server.StopAsync(limit, time);
        }));
    }

    public bool IsAt(Uri other) => url.Port == other.Port && url.Host == other.Host;

    /// <summary>Whether what listens here gets the connections to the other address too, so that the system does not let both listen.</summary>
    public static bool Covers(Uri address, Uri other) => address.Port == other.Port && address.Host != other.Host
        && (IsEverywhere(address) || (address.Host == "localhost" && IsLoopback(other)) || (other.Host == "localhost" && IsLoopback(address)));

    static bool IsEverywhere(Uri address) => IPAddress.TryParse(address.DnsSafeHost, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));

    static bool IsLoopback(Uri address) => IPAddress.TryParse(address.DnsSafeHost, out var ip) && IPAddress.IsLoopback(ip);
}
