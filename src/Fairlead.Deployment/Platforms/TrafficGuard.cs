using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>
/// What a platform does by itself when it does not hear of a rollout for too long: give the traffic back to the stable revisions,
/// starting again what it must of them.
/// </summary>
/// <param name="After">How long it waits, from the last call that named this guard.</param>
/// <param name="Services">Where the traffic goes back to.</param>
public sealed record TrafficGuard(TimeSpan After, ImmutableArray<GuardedService> Services);
