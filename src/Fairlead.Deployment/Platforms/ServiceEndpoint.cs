namespace Fairlead.Deployment;

/// <summary>Where the clients of a service reach it.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Url">The address, for instance <c>http://127.0.0.1:5080</c>; null for a worker without HTTP.</param>
public sealed record ServiceEndpoint(string Service, Uri? Url);
