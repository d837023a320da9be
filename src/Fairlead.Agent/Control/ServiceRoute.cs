namespace Fairlead.Agent;

/// <summary>The traffic of one service.</summary>
sealed class ServiceRoute(string service, TimeProvider time, Action<string> log)
{
    public string Service => service;

    public Router Router { get; } = new();

    public Forwarder Forwarder => field ??= new Forwarder(service, Router, time, log);
}
