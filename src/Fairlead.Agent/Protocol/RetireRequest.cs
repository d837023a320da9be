namespace Fairlead.Agent;

/// <summary>Retires a revision now, or by the agent itself when the time is over.</summary>
sealed record RetireRequest(long Token, TimeSpan After = default);
