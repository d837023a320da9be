namespace Fairlead.Agent;

/// <summary>Arms the guard, says that the rollout is still there, or takes the guard away (null).</summary>
sealed record GuardRequest(long Token, GuardMessage? Guard);
