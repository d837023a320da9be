namespace Fairlead.Agent;

/// <summary>A request's claim on a replica: from here until it is disposed, the replica's revision counts it as in flight.</summary>
interface IRouteLease : IDisposable
{
    RoutedRevision Revision { get; }

    Upstream Target { get; }

    /// <summary>Sends to the target and returns when the response's header is there.</summary>
    Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken);
}
