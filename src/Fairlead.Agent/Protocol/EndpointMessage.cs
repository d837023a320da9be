namespace Fairlead.Agent;

/// <summary>Where a service is reached; the URL is null for a worker.</summary>
sealed record EndpointMessage(string Service, Uri? Url);
