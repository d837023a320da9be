namespace Fairlead.Agent;

/// <summary>A request's claim on a replica: from here until it is disposed, the replica's revision counts it as in flight.</summary>
interface IRouteLease : IDisposable
{
    RoutedRevision Revision { get; }

    Upstream Target { get; }

    /// <summary>A connection to the target on which nothing has been sent of this request.</summary>
    /// <exception cref="IOException">It cannot be reached.</exception>
    ValueTask<UpstreamConnection> ConnectAsync(ConnectionKind kind);
}
