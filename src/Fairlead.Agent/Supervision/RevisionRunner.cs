using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>One revision with its replicas, of which there can be more or fewer over time.</summary>
sealed class RevisionRunner
{
    readonly AbsolutePath _directory;
    readonly AgentPaths _paths;
    readonly IReplicaHost _host;
    readonly TimeProvider _time;
    readonly Action<string> _notice;
    readonly Lock _gate = new();
    readonly List<Replica> _replicas = [];
    readonly List<Replica> _leaving = [];
    Replica? _renewing;

    public RevisionRunner(RevisionMessage spec, AbsolutePath directory, AgentPaths paths, IReplicaHost host, TimeProvider time, Action<string> notice)
    {
        (_directory, _paths, _host, _time, _notice) = (directory, paths, host, time, notice);
        Spec = spec;
        Routed = new RoutedRevision(spec.Service, spec.Name);
    }

    /// <summary>What it is; the number of replicas is the one that was asked for last.</summary>
    public RevisionMessage Spec { get; private set; }

    public RoutedRevision Routed { get; }

    /// <summary>Set once it is being retired; gives the number of requests that were cut.</summary>
    public Task<int>? Retirement { get; private set; }

    public int Healthy
    {
        get
        {
            lock (_gate)
                return _replicas.Count(x => x.Health.Phase == ReplicaPhase.Healthy);
        }
    }

    public void Start() => Scale(Spec.Replicas);

    /// <summary>
    /// Starts what is missing. What is too many is sent nothing any more, may finish what it has within the drain timeout, and is ended;
    /// this does not wait for that. Those that are not well go first.
    /// </summary>
    public void Scale(int replicas)
    {
        List<Replica> started = [];
        List<(Replica Replica, Upstream? Upstream)> leaving = [];
        lock (_gate)
        {
            Spec = Spec with { Replicas = replicas };
            while (_replicas.Count < replicas)
            {
                var replica = New();
                _replicas.Add(replica);
                started.Add(replica);
            }

            foreach (var replica in _replicas.OrderBy(x => x.Health.Phase == ReplicaPhase.Healthy).ThenByDescending(x => x.Index).Take(_replicas.Count - replicas).ToArray())
            {
                _replicas.Remove(replica);
                _leaving.Add(replica);
                // Only the one that it has now can have been given requests; one that it gets later is never offered.
                leaving.Add((replica, replica.Health.Upstream));
                if (_renewing == replica)
                    _renewing = null;
            }

            Publish();
        }

        foreach (var replica in started)
            replica.Start();
        Emptied = Task.WhenAll([Emptied, .. leaving.Select(x => LeaveAsync(x.Replica, x.Upstream))]);
    }

    /// <summary>Completes when every replica that was too many has ended.</summary>
    public Task Emptied { get; private set; } = Task.CompletedTask;

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
    public Task StopAsync()
    {
        Replica[] all;
        lock (_gate)
            all = [.. _replicas, .. _leaving];
        return Task.WhenAll(all.Select(x => x.StopAsync(Spec.StopGrace)));
    }

    public RevisionState Describe()
    {
        ReplicaHealth[] health;
        lock (_gate)
            health = [.. _replicas.Select(x => x.Health)];
        var healthy = health.Count(x => x.Phase == ReplicaPhase.Healthy);
        // One without replicas cannot take traffic, so it must not look as if it could.
        var phase = Retirement is not null ? "Draining"
            : healthy == health.Length && healthy > 0 ? "Healthy"
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
            Spec.DrainTimeout + Spec.StopGrace)
        {
            Requests = Routed.Metrics.Tally.Read(),
        };
    }

    Replica New()
    {
        // One that is leaving still writes to its log.
        var index = 1;
        while (_replicas.Concat(_leaving).Any(x => x.Index == index))
            index++;
        return new Replica(Spec, index, new ReplicaLog(_paths.ReplicaLog(Spec.Name, index)), _directory, _paths.Root, _host, _time, _notice)
        {
            Changed = Publish,
            Restarting = Routed.Metrics.Restarted,
            MayRenew = MayRenew,
            Renewed = Renewed,
        };
    }

    async Task LeaveAsync(Replica replica, Upstream? upstream)
    {
        try
        {
            if (upstream is not null)
            {
                upstream.Gate.Close();
                using var end = new CancellationTokenSource();
                await Task.WhenAny(upstream.Gate.Drained, replica.Ended, Task.Delay(Spec.DrainTimeout, _time, end.Token));
                await end.CancelAsync();
                if (upstream.Gate.Count is > 0 and var cut && !replica.Ended.IsCompleted)
                {
                    Routed.Metrics.WereCut(cut);
                    _notice($"Replica {replica.Index} of {Spec.Name}: {cut} requests were still running when its drain timeout was over, and were cut.");
                }
            }

            await replica.StopAsync(Spec.StopGrace);
        }
        catch (Exception e)
        {
            // It is still among those that are ended with the revision.
            _notice($"Replica {replica.Index} of {Spec.Name} could not be ended: {e.Message}");
            return;
        }

        lock (_gate)
            _leaving.Remove(replica);
    }

    /// <summary>
    /// One replica at a time: when all seem to hang, the probes or what they depend on may be what is wrong, and those that are left
    /// go on as far as they can.
    /// </summary>
    bool MayRenew(Replica replica)
    {
        lock (_gate)
            return Retirement is null && _replicas.Contains(replica) && (_renewing ??= replica) == replica;
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
