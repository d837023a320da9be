namespace Fairlead.Agent;

/// <summary>Why a replica is not well.</summary>
/// <param name="Text">What it answered instead.</param>
/// <param name="IsAlive">Whether it does not hang: it has answered, or at least its liveness was well. Such a one keeps its traffic when no other is left.</param>
sealed record ProbeFailure(string Text, bool IsAlive = false);
