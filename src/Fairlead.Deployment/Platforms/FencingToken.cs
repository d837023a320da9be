namespace Fairlead.Deployment;

/// <summary>
/// A number that grows with every holder of an environment's lock. Every call that changes something carries it, and a platform
/// refuses a lower one than it has seen: a holder that was paused and lost its lock changes nothing when it wakes up.
/// </summary>
/// <param name="Value">The number, from 1.</param>
public readonly record struct FencingToken(long Value);
