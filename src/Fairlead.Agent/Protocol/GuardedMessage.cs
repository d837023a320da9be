namespace Fairlead.Agent;

/// <summary>The revision that gets the traffic of a service back, how many replicas of it there must be, and which revision must have ended before.</summary>
sealed record GuardedMessage(string Service, string Revision, int Replicas, string? StopFirst = null);
