namespace Fairlead.Deployment;

/// <summary>Asks a service as its clients do.</summary>
public interface IEndpointProbe
{
    /// <summary>Gets an address once.</summary>
    /// <returns>Null when the answer was 2xx; otherwise what was wrong, to be put behind "the answer was": <c>503 Service Unavailable</c>.</returns>
    Task<string?> AskAsync(Uri address, CancellationToken cancellationToken);
}
