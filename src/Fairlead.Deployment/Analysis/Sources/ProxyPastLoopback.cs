using System.Net;

namespace Fairlead.Deployment;

/// <summary>The environment's proxy, but never for this machine: a proxy cannot reach it.</summary>
sealed class ProxyPastLoopback(IWebProxy proxy) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => proxy.Credentials;
        set => proxy.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => proxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || proxy.IsBypassed(host);
}
