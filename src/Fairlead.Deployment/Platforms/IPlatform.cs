using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>
/// Where one environment of one application runs. A platform is small; strategies, analysis, rollback and journal are written once
/// above it. Every method can be called again after it was interrupted and then finishes or repeats its work: all are idempotent.
/// </summary>
/// <remarks>
/// Methods that change something take the fencing token of the environment's lock and throw <see cref="FencedOffException"/> for one
/// lower than the platform has seen. User errors (a port that is taken, a program that does not start) are
/// <see cref="Fairlead.Tooling.UserErrorException"/>s that say what to do.
/// </remarks>
public interface IPlatform
{
    /// <summary>The platform's name in <c>environments.yml</c>: <c>local</c>, <c>docker</c> …</summary>
    string Name { get; }

    /// <summary>What is really there. Never starts anything; a platform on which nothing was ever deployed is empty.</summary>
    Task<PlatformState> ObserveAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes the endpoints exist, so that a taken port is found before anything else is done. Without traffic they answer 503. Endpoints
    /// that are not named go on, and one that another service has stays that one's until the traffic moves.
    /// </summary>
    Task PrepareAsync(ImmutableArray<ServiceEndpoint> endpoints, FencingToken token, CancellationToken cancellationToken);

    /// <summary>
    /// Closes all endpoints that are not named: at once for new connections, when they are done, and at most after the drain timeout, for
    /// requests in flight. Called when a rollout has succeeded or was taken back.
    /// </summary>
    Task CloseOthersAsync(ImmutableArray<ServiceEndpoint> endpoints, FencingToken token, CancellationToken cancellationToken);

    /// <summary>Starts a revision without traffic and returns when it is starting, not when it is healthy.</summary>
    Task BringUpAsync(RevisionSpec spec, FencingToken token, CancellationToken cancellationToken);

    /// <summary>Sets the traffic of a service. When this returns, every request that arrives is routed by the new weights.</summary>
    Task SetWeightsAsync(string service, TrafficWeights weights, FencingToken token, CancellationToken cancellationToken);

    /// <summary>
    /// Lets a revision without traffic finish what is in flight, at most for its drain timeout, and stops it. A revision that is not
    /// there is no error; one that still has traffic is.
    /// </summary>
    Task RetireAsync(string revision, FencingToken token, CancellationToken cancellationToken);

    /// <summary>Stops everything, endpoints included.</summary>
    Task RemoveAsync(FencingToken token, CancellationToken cancellationToken);
}
