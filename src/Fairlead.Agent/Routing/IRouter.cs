namespace Fairlead.Agent;

/// <summary>Chooses where a request goes.</summary>
interface IRouter
{
    /// <summary>Chooses a replica and counts the request as in flight, in one step.</summary>
    /// <param name="tried">Replicas that could not be reached for this request.</param>
    /// <returns>The claim, or null when there is nowhere to go.</returns>
    IRouteLease? Acquire(IReadOnlyCollection<Upstream> tried);
}
