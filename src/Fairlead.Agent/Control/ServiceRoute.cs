namespace Fairlead.Agent;

/// <summary>The traffic of one service: its router, and the listener in front of it when it has a URL.</summary>
sealed class ServiceRoute(string service, TimeProvider time)
{
    public Router Router { get; } = new();

    public Forwarder Forwarder => field ??= new Forwarder(service, Router, time);

    public Uri? Url { get; set; }

    public HttpServer? Server { get; set; }
}
