namespace Fairlead.Agent;

/// <summary>Why a call was refused.</summary>
/// <param name="Message">What happened.</param>
/// <param name="Remedy">What to do next.</param>
/// <param name="HighestToken">Set when the call's token was lower than this one.</param>
sealed record AgentError(string Message, string? Remedy = null, long? HighestToken = null);
