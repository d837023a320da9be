using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>What a replica's supervisor needs of the machine.</summary>
interface IReplicaHost
{
    /// <summary>A port that nothing listens on now.</summary>
    int FindPort();

    ChildProcess Start(ChildProcessStart start);

    /// <summary>Asks a replica how it is.</summary>
    /// <returns>Null when it is well.</returns>
    Task<ProbeFailure?> ProbeAsync(Upstream upstream, ProbeMessage probe, CancellationToken cancellationToken);
}
