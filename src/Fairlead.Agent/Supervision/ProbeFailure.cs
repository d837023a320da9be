namespace Fairlead.Agent;

/// <summary>Why a replica is not well.</summary>
/// <param name="Text">What it answered instead.</param>
/// <param name="IsAlive">Whether it answered that it is alive and is only not ready: starting it again would not help.</param>
sealed record ProbeFailure(string Text, bool IsAlive = false);
