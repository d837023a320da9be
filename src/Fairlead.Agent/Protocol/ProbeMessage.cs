namespace Fairlead.Agent;

/// <summary>How to tell that a replica is well.</summary>
sealed record ProbeMessage(string HealthPath, string ReadyPath, TimeSpan Interval, TimeSpan Timeout, int FailureThreshold);
