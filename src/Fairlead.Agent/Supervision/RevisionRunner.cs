using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>One revision with its replicas.</summary>
sealed class RevisionRunner
{
    readonly TimeProvider _time;
    readonly Replica[] _replicas;
    readonly Lock _gate = new();
    Replica? _renewing;

    public RevisionRunner(RevisionMessage spec, AbsolutePath directory, AgentPaths paths, IReplicaHost host, TimeProvider time, Action<string> notice)
    {
        Spec = spec;
        _time = time;
        Routed = new RoutedRevision(spec.Service, spec.Name);
        _replicas = [.. Enumerable.Range(1, spec.Replicas).Select(index =>
            new Replica(spec, index, new ReplicaLog(paths.ReplicaLog(spec.Name, index)), directory, paths.Root, host, time, notice)
            {
                Changed = Publish,
                Restarting = Routed.Metrics.Restarted,
                MayRenew = MayRenew,
                Renewed = Renewed,
            })];
    }

    public RevisionMessage Spec { get; }

    public RoutedRevision Routed { get; }

    /// <summary>Set once it is being retired; gives the number of requests that were cut.</summary>
    public Task<int>? Retirement { get; private set; }

    public int Healthy => _replicas.Count(x => x.Health.Phase == ReplicaPhase.Healthy);

    public void Start()
    {
        foreach (var replica in _replicas)
            replica.Start();
    }

    /// <summary>Lets nobody in, waits for who is inside, and stops. Repeated calls get the same task, unless it has failed: then they try again.</summary>
    /// <param name="afterwards">Runs when everything has stopped, before the task completes.</param>
    public Task<int> Retire(Action afterwards)
    {
        return Retirement = Retirement is null or { IsFaulted: true } or { IsCanceled: true } ? RetireAsync() : Retirement;

        async Task<int> RetireAsync()
        {
            Routed.Gate.Close();
            await Task.WhenAny(Routed.Gate.Drained, Task.Delay(Spec.DrainTimeout, _time));
            var cut = Routed.Gate.Count;
            Routed.Metrics.WereCut(cut);
            await StopAsync();
            afterwards();
            return cut;
        }
    }

    /// <summary>Ends all replicas.</summary>
    public Task StopAsync() => Task.WhenAll(_replicas.Select(x => x.StopAsync(Spec.StopGrace)));

    public RevisionState Describe()
    {
        var health = _replicas.Select(x => x.Health).ToArray();
        var healthy = health.Count(x => x.Phase == ReplicaPhase.Healthy);
        var phase = Retirement is not null ? "Draining"
            : healthy == health.Length ? "Healthy"
            : health.Any(x => x.Phase == ReplicaPhase.Failed) ? "Unhealthy"
            : "Starting";
        var details = health.Select(x => x.Detail).OfType<string>().ToArray();
        return new RevisionState(
            Spec.Service,
            Spec.Ordinal,
            Spec.ArtifactDigest,
            Spec.ConfigurationDigest,
            Spec.Version,
            phase,
            healthy,
            health.Length,
            Routed.Gate.Count,
            details.Length == 0 ? null : string.Join(Environment.NewLine, details),
            Spec.DrainTimeout + Spec.StopGrace);
    }

    /// <summary>
    /// One replica at a time: when all seem to hang, the probes or what they depend on may be what is wrong, and those that are left
    /// go on as far as they can.
    /// </summary>
    bool MayRenew(Replica replica)
    {
        lock (_gate)
            return Retirement is null && (_renewing ??= replica) == replica;
    }

    void Renewed(Replica replica)
    {
        lock (_gate)
        {
            if (_renewing == replica)
                _renewing = null;
        }
    }

    void Publish()
    {
        lock (_gate)
        {
            var reachable = _replicas.Select(x => x.Health).Where(x => x.Upstream is not null).ToArray();
            var well = reachable.Where(x => x.Phase == ReplicaPhase.Healthy).ToArray();
            // When none is well, the probes may be what is wrong: sending nobody anywhere would make a failure certain.
            Routed.SetTargets((well.Length > 0 ? well : reachable).Select(x => x.Upstream!));
        }
    }
}
