namespace Fairlead.Agent;

/// <summary>The endpoints that there shall be: to open those that are missing, or to close all others.</summary>
sealed record PrepareRequest(long Token, IReadOnlyList<EndpointMessage> Endpoints);
