namespace Fairlead.Agent;

sealed record PrepareRequest(long Token, IReadOnlyList<EndpointMessage> Endpoints);
