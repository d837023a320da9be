using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>
/// What the agent does. Changes are made one after the other, each under a fencing token that is written down before anything is done
/// with it; the long waits (unpacking, draining) happen outside, so that traffic can be moved back at any time.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A semaphore without a wait handle holds nothing, and a retirement may outlast everything else.")]
sealed class Supervisor(AgentPaths paths, IReplicaHost host, TimeProvider time, Action<string> log)
{
    /// <summary>What requests to a service that has no revision may take.</summary>
    static readonly TimeSpan ShortestDrain = TimeSpan.FromSeconds(5);

    /// <summary>How long the guard waits for a stable revision that it had to start.</summary>
    static readonly TimeSpan GuardPatience = TimeSpan.FromMinutes(10);

    /// <summary>How long the guard waits for all replicas of a revision before some are enough.</summary>
    static readonly TimeSpan GuardFullPatience = TimeSpan.FromSeconds(30);

    static readonly TimeSpan GuardInterval = TimeSpan.FromMilliseconds(100);

    readonly SemaphoreSlim _changes = new(1);
    readonly CancellationTokenSource _end = new();
    readonly WakeUp _retiring = new(time, log);
    readonly WakeUp _guarding = new(time, log);
    readonly ArtifactStore _artifacts = new(paths.Revisions, time);
    readonly ConcurrentDictionary<string, ServiceRoute> _services = new();
    readonly List<Listener> _listeners = [];
    readonly ConcurrentDictionary<string, RevisionRunner> _revisions = new();
    readonly TaskCompletionSource _removed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    MetricsEndpoint? _metrics;
    readonly SecretSeal _seal = new(paths.Root);
    AgentState _state = new();
    long _guardHeard;

    /// <summary>Completes when everything was removed: there is nothing left to do.</summary>
    public Task Removed => _removed.Task;

    /// <summary>Takes up what the last agent left.</summary>
    public async Task RestoreAsync()
    {
        _state = AgentState.Read(paths.StateFile, _seal);
        foreach (var spec in _state.Revisions)
            StartRunner(spec, _artifacts.DirectoryOf(spec.ArtifactDigest));
        foreach (var (service, shares) in _state.Weights)
            Route(service).Router.Switch(TableOf(shares, _state.Affinities.GetValueOrDefault(service)));
        foreach (var endpoint in _state.Endpoints)
        {
            try
            {
                if (endpoint.Url is not null)
                    _listeners.Add(await OpenAsync(endpoint.Url, Route(endpoint.Service), []));
            }
            catch (UserErrorException e)
            {
                // The next command prepares the endpoints again, and shows this to its user.
                log(e.Display);
            }
        }

        try
        {
            await Metrics.ListenAsync(_state.MetricsAddress);
        }
        catch (UserErrorException e)
        {
            log(e.Display);
        }

        ScheduleRetirements();
        if (_state.Guard is { } guard)
        {
            _guardHeard = time.GetTimestamp();
            // One that was interrupted while it acted goes on at once; otherwise the command gets the full time again.
            _guarding.After(_state.GuardActedAt is null ? guard.After : TimeSpan.Zero, ActAsGuardAsync);
        }
    }

    /// <summary>
    /// Opens what is named and is not open. What is open and not named goes on, as does the service that has an address which is named
    /// for another one: it is not known yet whether those will ever be ready. <see cref="CloseOthersAsync"/> ends both.
    /// </summary>
    public async Task PrepareAsync(PrepareRequest request)
    {
        using var change = await EnterAsync(request.Token);
        List<Listener> opened = [];
        List<Listener> replaced = [];
        try
        {
            foreach (var endpoint in request.Endpoints)
            {
                if (endpoint.Url is { } url && !_listeners.Concat(opened).Any(x => x.IsAt(url) || (Listener.Covers(x.Url, url) && !replaced.Contains(x))))
                    opened.Add(await OpenAsync(url, Route(endpoint.Service), replaced));
            }
        }
        catch
        {
            foreach (var listener in opened)
                _ = Close(listener);
            foreach (var listener in replaced)
                await listener.OpenAsync();
            throw;
        }

        _listeners.RemoveAll(replaced.Contains);
        _listeners.AddRange(opened);
        foreach (var endpoint in request.Endpoints)
        {
            if (endpoint.Url is { } url && _listeners.Find(x => x.IsAt(url) || Listener.Covers(x.Url, url)) is { } listener)
                listener.Next = listener.Owner.Service == endpoint.Service ? null : Route(endpoint.Service);
        }

        HandOver(x => !HasTraffic(x.Owner));
        Save(WithEndpoints(_state));
    }

    /// <summary>
    /// Closes what is not named: no new connections at once; what is in flight may end, at most for the drain timeout. Addresses that
    /// are named for another service than the one that answered there become its.
    /// </summary>
    public async Task CloseOthersAsync(PrepareRequest request, CancellationToken cancellationToken)
    {
        Task closing;
        using (await EnterAsync(request.Token))
        {
            var wanted = request.Endpoints.Where(x => x.Url is not null).ToList();
            var others = _listeners.Where(x => !wanted.Exists(y => x.IsAt(y.Url!))).ToList();
            _listeners.RemoveAll(others.Contains);
            closing = Task.WhenAll(others.Select(Close));
            foreach (var endpoint in wanted)
            {
                if (_listeners.Find(x => x.IsAt(endpoint.Url!)) is { } open)
                    open.Next = open.Owner.Service == endpoint.Service ? null : Route(endpoint.Service);
                else
                    _listeners.Add(await OpenAsync(endpoint.Url!, Route(endpoint.Service), []));
            }

            HandOver(_ => true);
            Save(WithEndpoints(_state));
        }

        // It goes on when the command that asked for it is interrupted.
        await closing.WaitAsync(cancellationToken);
    }

    public async Task BringUpAsync(BringUpRequest request, CancellationToken cancellationToken)
    {
        var spec = request.Revision;
        if (spec.Replicas < 0 || spec.Command.Count == 0)
            throw new UserErrorException($"Revision {spec.Name} has no {(spec.Replicas < 0 ? "replica" : "command")}.", "Give the service both in environments.yml.");
        if (spec.Probe is { } probe && !(probe.HealthPath.StartsWith('/') && probe.ReadyPath.StartsWith('/')))
            throw new UserErrorException($"The probe paths '{probe.HealthPath}' and '{probe.ReadyPath}' of {spec.Service} do not both begin with '/'.", "Write them like '/health' in environments.yml.");
        RevisionRunner? retiring;
        using (await EnterAsync(request.Token))
        {
            if (IsUp(spec, out retiring))
            {
                Scale(spec.Name, spec.Replicas);
                if (spec.Replicas > 0)
                    return;
            }
        }

        if (spec.Replicas == 0 && _revisions.TryGetValue(spec.Name, out var emptied))
        {
            // Whoever stops all of it may be about to start what must not run beside it.
            await emptied.Emptied.WaitAsync(cancellationToken);
            return;
        }

        if (spec.Replicas == 0)
            throw new UserErrorException($"Revision {spec.Name} has no replica.", "Give the service at least one in environments.yml.");

        if (retiring?.Retirement is { } retirement)
            await retirement.WaitAsync(cancellationToken);
        var directory = await _artifacts.UnpackAsync(AbsolutePath.Create(spec.ArtifactFile), spec.ArtifactDigest, cancellationToken);
        using (await EnterAsync(request.Token))
        {
            if (IsUp(spec, out _))
            {
                Scale(spec.Name, spec.Replicas);
                return;
            }

            Save(_state with { Revisions = [.. _state.Revisions.Where(x => x.Name != spec.Name), spec] });
            StartRunner(spec, directory);
        }
    }

    public async Task SetWeightsAsync(string service, WeightsRequest request)
    {
        using var change = await EnterAsync(request.Token);
        if (request.Shares.Values.Any(x => x <= 0) || (request.Shares.Count > 0 && request.Shares.Values.Sum() != 100))
            throw new UserErrorException($"The shares of {service} are not positive percentages that make 100 together: {string.Join(", ", request.Shares.Select(x => $"{x.Key} {x.Value}"))}.");
        foreach (var name in request.Shares.Keys)
        {
            if (!_revisions.TryGetValue(name, out var runner) || runner.Spec.Service != service)
                throw new UserErrorException($"{service} cannot be routed to {name}: there is no such revision of it.", "Bring it up first. ':status' shows what is there.");
            if (runner.Retirement is not null)
                throw new UserErrorException($"{service} cannot be routed to {name}: it is being retired.", "Bring a new revision of the same release up.");
            if (runner.Spec.Replicas == 0)
                throw new UserErrorException($"{service} cannot be routed to {name}: it is kept without a replica.", "Bring it up with at least one replica first.");
        }

        if (request.Affinity is { } affinity && (affinity.Kind is not (AffinityMessage.Cookie or AffinityMessage.Header) || !HttpRules.IsToken(affinity.Name)))
            throw new UserErrorException($"Clients of {service} cannot be told apart by the {affinity.Kind} '{affinity.Name}': that is no name of a cookie or header.", "Use letters, digits and hyphens.");
        // Who may still call this has taken over from the command that was lost.
        if (_state is { Guard: { } acting, GuardActedAt: not null })
            Save(_state with { Guard = acting with { Services = [.. acting.Services.Where(x => x.Service != service)] } });
        ApplyWeights(service, request.Shares, request.Affinity);
    }

    /// <summary>Moves the traffic of a service. Revisions that get any are not retired any more.</summary>
    void ApplyWeights(string service, IReadOnlyDictionary<string, int> shares, AffinityMessage? affinity)
    {
        var affinities = new Dictionary<string, AffinityMessage>(_state.Affinities);
        affinities.Remove(service);
        if (affinity is not null)
            affinities[service] = affinity;
        Save(_state with
        {
            Weights = new Dictionary<string, IReadOnlyDictionary<string, int>>(_state.Weights) { [service] = shares },
            Affinities = affinities,
            Retirements = Without(_state.Retirements, shares.Keys),
        });
        Route(service).Router.Switch(TableOf(shares, affinity));
        // The traffic of a renamed service moves with this: its address is the new one's from now on.
        if (HandOver(x => HasTraffic(x.Next!) && (x.Next!.Service == service || !HasTraffic(x.Owner))))
            Save(WithEndpoints(_state));
    }

    /// <summary>Retires a revision and returns when it has ended; or, with a time, notes that, and does it when the time is over.</summary>
    /// <returns>How many requests were cut.</returns>
    public async Task<int> RetireAsync(string name, RetireRequest request, CancellationToken cancellationToken)
    {
        Task<int> retirement;
        using (await EnterAsync(request.Token))
        {
            if (!_revisions.TryGetValue(name, out var runner))
                return 0;
            if (WeightOf(runner.Spec) is > 0 and var weight)
                throw new UserErrorException($"{name} has {weight} % of the traffic and cannot be retired.", "Move its traffic to another revision first.");
            if (request.After > TimeSpan.Zero)
            {
                if (runner.Retirement is null && !_state.Retirements.ContainsKey(name))
                {
                    Save(_state with { Retirements = new Dictionary<string, DateTimeOffset>(_state.Retirements) { [name] = time.GetUtcNow() + request.After } });
                    ScheduleRetirements();
                }

                return 0;
            }

            retirement = Retire(runner);
        }

        // It goes on when the command that asked for it is interrupted.
        return await retirement.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Arms the guard, or says that the command which armed it is still there, or takes it away. The time is counted on this process's own
    /// monotonic clock, and begins anew with each agent.
    /// </summary>
    public async Task GuardAsync(GuardRequest request)
    {
        using var change = await EnterAsync(request.Token);
        if (request.Guard is { } wrong && wrong.After <= TimeSpan.Zero)
            throw new UserErrorException("A guard that waits for no time at all would act at once.", "Give 'controller_lost' a time in environments.yml.");
        var isSame = request.Guard is null ? _state.Guard is null : request.Guard.IsSameAs(_state.Guard);
        // Said again every few seconds: only what differs is written.
        if (!isSame || _state.GuardActedAt is not null)
            Save(_state with { Guard = request.Guard, GuardActedAt = null });
        _guardHeard = time.GetTimestamp();
        if (request.Guard is { } guard)
            _guarding.After(guard.After, ActAsGuardAsync);
        else
            _guarding.Cancel();
        // Retirements wait for as long as a guard may need the revision.
        if (!isSame)
            ScheduleRetirements();
    }

    /// <summary>Stops everything; only the token is kept, so that a holder of an older one stays locked out.</summary>
    public async Task RemoveAsync(TokenRequest request)
    {
        using var change = await EnterAsync(request.Token);
        Save(new AgentState { Token = _state.Token });
        await StopAsync();
        try
        {
            _artifacts.Clear();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing runs any more, which is what was asked for; the next agent clears up.
            log($"Old artifacts could not be deleted: {e.Message}");
        }

        _removed.TrySetResult();
    }

    /// <summary>Stops everything for this time; the next agent takes it up again.</summary>
    public async Task ShutDownAsync()
    {
        await _changes.WaitAsync();
        await StopAsync();
    }

    public AgentStateResponse Describe()
    {
        var state = Volatile.Read(ref _state);
        return new AgentStateResponse(
            [.. _revisions.Values.Select(x => x.Describe() with { RetiresAt = state.Retirements.TryGetValue(x.Spec.Name, out var due) ? due : null }).OrderBy(x => x.Ordinal)],
            state.Weights,
            state.Affinities,
            state.GuardActedAt);
    }

    /// <summary>What the router knows of a revision that is up.</summary>
    public RoutedRevision RoutedOf(string revision) => _revisions[revision].Routed;

    /// <summary>Serves metrics where it is asked to, and nowhere else any more.</summary>
    public async Task ServeMetricsAsync(MetricsRequest request)
    {
        using var change = await EnterAsync(request.Token);
        await Metrics.ListenAsync(request.Listen);
        if (_state.MetricsAddress != request.Listen)
            Save(_state with { MetricsAddress = request.Listen });
    }

    MetricsEndpoint Metrics => _metrics ??= new MetricsEndpoint(paths.MetricsFile, RenderMetrics);

    public string RenderMetrics() => MetricsPage.Render([.. _revisions.Values.OrderBy(x => x.Spec.Ordinal)
        .Select(x => new MetricsPage.Row(x.Routed, WeightOf(x.Spec), x.Healthy, x.Spec.Replicas))],
        [.. _services.Values.OrderBy(x => x.Service, StringComparer.Ordinal).Select(x => (x.Service, x.Forwarder.Unrouted))]);

    async Task<IDisposable> EnterAsync(long token)
    {
        await _changes.WaitAsync();
        var entered = new Change(_changes);
        try
        {
            if (token < _state.Token)
                throw new FencedException(_state.Token);
            if (token > _state.Token)
            {
                Save(_state with { Token = token });
                // Whoever takes over from the command that armed the guard gets its full time to go on or to go back.
                _guardHeard = time.GetTimestamp();
            }

            return entered;
        }
        catch
        {
            entered.Dispose();
            throw;
        }
    }

    /// <summary>For what the agent does by itself.</summary>
    async Task<IDisposable> EnterAsync()
    {
        await _changes.WaitAsync(_end.Token);
        return new Change(_changes);
    }

    void Save(AgentState state)
    {
        state.Write(paths.StateFile, _seal);
        Volatile.Write(ref _state, state);
    }

    /// <exception cref="UserErrorException">There is another revision of that name.</exception>
    bool IsUp(RevisionMessage spec, out RevisionRunner? retiring)
    {
        retiring = null;
        if (!_revisions.TryGetValue(spec.Name, out var runner))
            return false;
        if (runner.Retirement is not null)
        {
            retiring = runner;
            return false;
        }

        return runner.Spec.ArtifactDigest == spec.ArtifactDigest && runner.Spec.ConfigurationDigest == spec.ConfigurationDigest
            ? true
            : throw new UserErrorException($"There is another revision called {spec.Name} (release {runner.Spec.Version}).", "Deploy again: a new revision gets a name of its own.");
    }

    void StartRunner(RevisionMessage spec, AbsolutePath directory)
    {
        var runner = new RevisionRunner(spec, directory, paths, host, time, log);
        _revisions[spec.Name] = runner;
        runner.Start();
    }

    /// <summary>Written down before it is done, so that an agent that is killed in between has the rest done by the next one.</summary>
    void Scale(string name, int replicas)
    {
        var runner = _revisions[name];
        if (replicas == 0 && WeightOf(runner.Spec) is > 0 and var weight)
            throw new UserErrorException($"{name} has {weight} % of the traffic and cannot be left without a replica.", "Move its traffic to another revision first.");
        // Whoever brings it up means to use it: it must not end just before it gets its traffic.
        if (replicas > 0 && _state.Retirements.ContainsKey(name))
        {
            Save(_state with { Retirements = Without(_state.Retirements, [name]) });
            ScheduleRetirements();
        }

        if (runner.Spec.Replicas == replicas)
            return;
        Save(_state with { Revisions = [.. _state.Revisions.Select(x => x.Name == name ? x with { Replicas = replicas } : x)] });
        runner.Scale(replicas);
    }

    /// <summary>What is being retired does not come back with the next agent.</summary>
    Task<int> Retire(RevisionRunner runner)
    {
        if (runner.Retirement is null)
            Save(_state with { Revisions = [.. _state.Revisions.Where(x => x.Name != runner.Spec.Name)], Retirements = Without(_state.Retirements, [runner.Spec.Name]) });
        return runner.Retire(() => Forget(runner));
    }

    /// <summary>Wakes up for the first retirement that nothing stands in the way of.</summary>
    void ScheduleRetirements()
    {
        var due = _state.Retirements.Where(x => !IsGuarded(x.Key)).Select(x => x.Value).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        if (due == DateTimeOffset.MaxValue)
            _retiring.Cancel();
        else
            _retiring.After(due - time.GetUtcNow(), RetireDueAsync);
    }

    async Task RetireDueAsync()
    {
        using var change = await EnterAsync();
        foreach (var (name, due) in _state.Retirements)
        {
            if (due > time.GetUtcNow() || IsGuarded(name))
                continue;
            if (!_revisions.TryGetValue(name, out var runner) || WeightOf(runner.Spec) > 0)
            {
                Save(_state with { Retirements = Without(_state.Retirements, [name]) });
                continue;
            }

            log($"Retiring {name}, as it was asked for.");
            _ = ReportAsync(name, Retire(runner));
        }

        ScheduleRetirements();
    }

    async Task ReportAsync(string name, Task<int> retirement)
    {
        try
        {
            if (await retirement is > 0 and var cut)
                log($"{name}: {cut} requests were still running when its drain timeout was over, and were cut.");
        }
        catch (Exception e)
        {
            log($"{name} could not be retired: {e.Message}");
        }
    }

    bool IsGuarded(string revision) => _state.Guard?.Services.Any(x => x.Revision == revision) ?? false;

    /// <summary>
    /// The command is lost: its traffic goes back, under a token of this agent's own, so that the command changes nothing when it wakes up.
    /// Nothing is retired: the next command sees everything as it was.
    /// </summary>
    async Task ActAsGuardAsync()
    {
        GuardMessage guard;
        using (await EnterAsync())
        {
            if (_state.Guard is not { } armed)
                return;
            guard = armed;
            if (_state.GuardActedAt is null)
            {
                // It may have been heard of just when the time was over.
                if (guard.After - time.GetElapsedTime(_guardHeard) is { Ticks: > 0 } left)
                {
                    _guarding.After(left, ActAsGuardAsync);
                    return;
                }

                Save(_state with { Token = _state.Token + 1, GuardActedAt = time.GetUtcNow() });
                log($"Nothing was heard of the command for {guard.After.TotalSeconds} s: the traffic goes back to {string.Join(", ", guard.Services.Select(x => x.Revision))}.");
            }
        }

        var begun = time.GetTimestamp();
        var waiting = guard.Services.ToList();
        while (true)
        {
            using (await EnterAsync())
            {
                // Somebody else has taken over.
                if (_state is not { Guard: { } guardNow, GuardActedAt: not null })
                    return;
                var still = guardNow.Services;
                waiting.RemoveAll(x => !still.Contains(x) || GiveBack(x, begun));
                if (waiting.Count == 0 || time.GetElapsedTime(begun) >= GuardPatience)
                {
                    foreach (var service in waiting)
                        log($"{service.Revision} did not get healthy within {GuardPatience.TotalMinutes} min: {service.Service} stays as it is.");
                    Save(_state with { Guard = null });
                    ScheduleRetirements();
                    return;
                }
            }

            await Task.Delay(GuardInterval, time, _end.Token);
        }
    }

    /// <returns>Whether there is nothing more to do for this service.</returns>
    bool GiveBack(GuardedMessage guarded, long begun)
    {
        if (!_revisions.TryGetValue(guarded.Revision, out var runner) || runner.Retirement is not null || runner.Spec.Service != guarded.Service)
        {
            log($"{guarded.Revision} is not there: {guarded.Service} stays as it is.");
            return true;
        }

        if (_state.Retirements.ContainsKey(guarded.Revision))
            Save(_state with { Retirements = Without(_state.Retirements, [guarded.Revision]) });
        if (guarded.StopFirst is { } first && _revisions.TryGetValue(first, out var other) && other.Retirement is null)
        {
            if (WeightOf(other.Spec) > 0)
                ApplyWeights(guarded.Service, new Dictionary<string, int>(), affinity: null);
            Scale(first, 0);
            if (!other.Emptied.IsCompleted)
                return false;
        }

        if (runner.Spec.Replicas < guarded.Replicas)
            Scale(guarded.Revision, guarded.Replicas);
        // All requests at once on the first of many replicas would be the next failure; but better a few than none.
        if (runner.Healthy == 0 || (runner.Healthy < guarded.Replicas && time.GetElapsedTime(begun) < GuardFullPatience))
            return false;
        if (WeightOf(runner.Spec) < 100)
            ApplyWeights(guarded.Service, new Dictionary<string, int> { [guarded.Revision] = 100 }, affinity: null);
        return true;
    }

    static Dictionary<string, DateTimeOffset> Without(IReadOnlyDictionary<string, DateTimeOffset> retirements, IEnumerable<string> revisions)
    {
        var left = new Dictionary<string, DateTimeOffset>(retirements);
        foreach (var revision in revisions)
            left.Remove(revision);
        return left;
    }

    /// <summary>Takes no part in the order of changes: a removal waits for it while it holds that.</summary>
    void Forget(RevisionRunner runner)
    {
        _revisions.TryRemove(new(runner.Spec.Name, runner));
        try
        {
            _artifacts.Prune(_revisions.Values.Select(x => x.Spec.ArtifactDigest).ToHashSet(StringComparer.Ordinal));
            Housekeeping.PruneLogs(paths, _revisions.Keys);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The revision has gone all the same; what is left over is tried again with the next one.
            log($"Old artifacts or logs could not be deleted: {e.Message}");
        }
    }

    ServiceRoute Route(string service) => _services.GetOrAdd(service, static (name, x) => new ServiceRoute(name, x.time, x.log), (time, log));

    RoutingTable TableOf(IReadOnlyDictionary<string, int> shares, AffinityMessage? affinity) => new(
        [.. shares.OrderBy(x => x.Key, StringComparer.Ordinal).Where(x => _revisions.ContainsKey(x.Key)).Select(x => (_revisions[x.Key].Routed, x.Value))],
        affinity);

    int WeightOf(RevisionMessage spec) => _state.Weights.GetValueOrDefault(spec.Service)?.GetValueOrDefault(spec.Name) ?? 0;

    /// <summary>Opens an address. Narrower ones of this agent's own, which it covers, make room for it.</summary>
    async Task<Listener> OpenAsync(Uri url, ServiceRoute route, List<Listener> replaced)
    {
        var narrower = _listeners.Where(x => Listener.Covers(url, x.Url)).ToList();
        replaced.AddRange(narrower);
        foreach (var listener in narrower)
            _ = Close(listener);
        var opened = new Listener(url, narrower.FirstOrDefault()?.Owner ?? route);
        await opened.OpenAsync();
        return opened;
    }

    Task Close(Listener listener)
    {
        var limit = _revisions.Values.Where(x => x.Spec.Service == listener.Owner.Service).Select(x => x.Spec.DrainTimeout).DefaultIfEmpty(ShortestDrain).Max();
        return listener.CloseAsync(limit, time);
    }

    /// <returns>Whether an address has changed its owner.</returns>
    bool HandOver(Predicate<Listener> now)
    {
        var taking = _listeners.FindAll(x => x.Next is not null && now(x));
        foreach (var listener in taking)
            (listener.Owner, listener.Next) = (listener.Next!, null);
        return taking.Count > 0;
    }

    bool HasTraffic(ServiceRoute route) => _state.Weights.GetValueOrDefault(route.Service)?.Count > 0;

    AgentState WithEndpoints(AgentState state) => state with { Endpoints = [.. _listeners.Select(x => new EndpointMessage(x.Owner.Service, x.Url))] };

    /// <summary>First nobody new comes in and who is inside may end; then the replicas go.</summary>
    async Task StopAsync()
    {
        await _end.CancelAsync();
        _retiring.Cancel();
        _guarding.Cancel();
        await Metrics.DisposeAsync();
        await Task.WhenAll(_listeners.Select(Close));
        _listeners.Clear();
        await Task.WhenAll(_revisions.Values.Select(x => x.Retire(() => { })));
        _services.Clear();
        _revisions.Clear();
    }

    sealed class Change(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
