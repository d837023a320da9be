namespace Fairlead.Agent;

/// <summary>What is really there.</summary>
sealed record AgentStateResponse(
    IReadOnlyList<RevisionState> Revisions,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Weights);
