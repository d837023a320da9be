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

    /// <summary>
    /// Starts a revision without traffic and returns when it is starting, not when it is healthy. For a revision that is there already it
    /// changes the number of replicas: those that are too many finish their requests and end, and 0 of them keep the revision known but
    /// nothing running; then it returns when the last one has ended. For a revision that is there, the number is all that counts of the
    /// specification. Bringing one up again also cancels a retirement that was noted.
    /// </summary>
    Task BringUpAsync(RevisionSpec spec, FencingToken token, CancellationToken cancellationToken);

    /// <summary>Sets the traffic of a service. When this returns, every request that arrives is routed by the new weights.</summary>
    Task SetWeightsAsync(string service, TrafficWeights weights, FencingToken token, CancellationToken cancellationToken);

    /// <summary>
    /// Lets a revision without traffic finish what is in flight, at most for its drain timeout, and stops it. A revision that is not
    /// there is no error; one that still has traffic is.
    /// </summary>
    /// <param name="revision">Its name.</param>
    /// <param name="after">
    /// When not zero, the platform notes it, returns, and does it by itself when the time is over, unless the revision has got traffic again
    /// until then. Repeated calls do not put it off.
    /// </param>
    /// <param name="token">The fencing token.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task RetireAsync(string revision, TimeSpan after, FencingToken token, CancellationToken cancellationToken);

    /// <summary>
    /// Sets the guard that acts when the command is lost; the same guard again says that the command is still there; null takes it away.
    /// A guard that acts moves the traffic back under a token of its own, higher than every one before, so that the lost command changes
    /// nothing when it wakes up; <see cref="PlatformState.GuardActedAt"/> tells of it until the next call of this method.
    /// </summary>
    /// <returns>Whether this platform can guard anything.</returns>
    Task<bool> GuardAsync(TrafficGuard? guard, FencingToken token, CancellationToken cancellationToken);

    /// <summary>Stops everything, endpoints included.</summary>
    Task RemoveAsync(FencingToken token, CancellationToken cancellationToken);
}
