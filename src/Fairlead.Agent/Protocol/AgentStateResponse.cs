namespace Fairlead.Agent;

/// <summary>What is really there.</summary>
/// <param name="Revisions">In the order of their ordinals.</param>
/// <param name="Weights">Percentages by service and revision.</param>
/// <param name="Affinities">By service, for those that have any.</param>
/// <param name="GuardActedAt">When the guard gave the traffic back; null when it did not since it was last called.</param>
sealed record AgentStateResponse(
    IReadOnlyList<RevisionState> Revisions,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Weights,
    IReadOnlyDictionary<string, AffinityMessage> Affinities,
    DateTimeOffset? GuardActedAt = null);
