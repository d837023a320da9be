namespace Fairlead.Agent;

/// <summary>Chooses where a request goes.</summary>
interface IRouter
{
    /// <summary>What keeps clients on their revision now; null when each request is decided anew.</summary>
    AffinityMessage? Affinity { get; }

    /// <summary>Chooses a replica and counts the request as in flight, in one step.</summary>
    /// <param name="tried">Replicas that could not be reached for this request.</param>
    /// <param name="position">Where the client stands (see <see cref="ClientPosition"/>); null to decide anew.</param>
    /// <returns>The claim, or null when there is nowhere to go.</returns>
    IRouteLease? Acquire(IReadOnlyCollection<Upstream> tried, int? position = null);
}
