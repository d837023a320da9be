namespace Fairlead.Deployment;

/// <summary>The stable revision of one service.</summary>
/// <param name="Service">The service.</param>
/// <param name="Revision">The revision that gets its traffic back.</param>
/// <param name="Replicas">How many replicas of it there must be.</param>
/// <param name="StopFirst">A revision that must have ended before it is started, because the two must never run together; null: none.</param>
public sealed record GuardedService(string Service, string Revision, int Replicas, string? StopFirst = null);
