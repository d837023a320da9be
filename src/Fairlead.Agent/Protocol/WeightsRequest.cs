namespace Fairlead.Agent;

sealed record WeightsRequest(long Token, IReadOnlyDictionary<string, int> Shares, AffinityMessage? Affinity = null);
