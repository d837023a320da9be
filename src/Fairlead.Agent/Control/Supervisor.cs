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

    readonly SemaphoreSlim _changes = new(1);
    readonly ArtifactStore _artifacts = new(paths.Revisions, time);
    readonly ConcurrentDictionary<string, ServiceRoute> _services = new();
    readonly List<Listener> _listeners = [];
    readonly ConcurrentDictionary<string, RevisionRunner> _revisions = new();
    readonly TaskCompletionSource _removed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    AgentState _state = new();

    /// <summary>Completes when everything was removed: there is nothing left to do.</summary>
    public Task Removed => _removed.Task;

    /// <summary>Takes up what the last agent left.</summary>
    public async Task RestoreAsync()
    {
        _state = AgentState.Read(paths.StateFile);
        foreach (var spec in _state.Revisions)
            StartRunner(spec, _artifacts.DirectoryOf(spec.ArtifactDigest));
        foreach (var (service, shares) in _state.Weights)
            Route(service).Router.Switch(TableOf(shares));
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
        if (spec.Replicas < 1 || spec.Command.Count == 0)
            throw new UserErrorException($"Revision {spec.Name} has no {(spec.Replicas < 1 ? "replica" : "command")}.", "Give the service both in environments.yml.");
        if (spec.Probe is { } probe && !(probe.HealthPath.StartsWith('/') && probe.ReadyPath.StartsWith('/')))
            throw new UserErrorException($"The probe paths '{probe.HealthPath}' and '{probe.ReadyPath}' of {spec.Service} do not both begin with '/'.", "Write them like '/health' in environments.yml.");
        RevisionRunner? retiring;
        using (await EnterAsync(request.Token))
        {
            if (IsUp(spec, out retiring))
                return;
        }

        if (retiring?.Retirement is { } retirement)
            await retirement.WaitAsync(cancellationToken);
        var directory = await _artifacts.UnpackAsync(AbsolutePath.Create(spec.ArtifactFile), spec.ArtifactDigest, cancellationToken);
        using (await EnterAsync(request.Token))
        {
            if (IsUp(spec, out _))
                return;
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
        }

        Save(_state with { Weights = new Dictionary<string, IReadOnlyDictionary<string, int>>(_state.Weights) { [service] = request.Shares } });
        Route(service).Router.Switch(TableOf(request.Shares));
        // The traffic of a renamed service moves with this: its address is the new one's from now on.
        if (HandOver(x => HasTraffic(x.Next!) && (x.Next!.Service == service || !HasTraffic(x.Owner))))
            Save(WithEndpoints(_state));
    }

    /// <returns>How many requests were cut.</returns>
    public async Task<int> RetireAsync(string name, TokenRequest request, CancellationToken cancellationToken)
    {
        Task<int> retirement;
        using (await EnterAsync(request.Token))
        {
            if (!_revisions.TryGetValue(name, out var runner))
                return 0;
            if (WeightOf(runner.Spec) is > 0 and var weight)
                throw new UserErrorException($"{name} has {weight} % of the traffic and cannot be retired.", "Move its traffic to another revision first.");
            if (runner.Retirement is null)
                Save(_state with { Revisions = [.. _state.Revisions.Where(x => x.Name != name)] });
            retirement = runner.Retire(() => Forget(runner));
        }

        // It goes on when the command that asked for it is interrupted.
        return await retirement.WaitAsync(cancellationToken);
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

    public AgentStateResponse Describe() => new(
        [.. _revisions.Values.Select(x => x.Describe()).OrderBy(x => x.Ordinal)],
        Volatile.Read(ref _state).Weights);

    /// <summary>What the router knows of a revision that is up.</summary>
    public RoutedRevision RoutedOf(string revision) => _revisions[revision].Routed;

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
                Save(_state with { Token = token });
            return entered;
        }
        catch
        {
            entered.Dispose();
            throw;
        }
    }

    void Save(AgentState state)
    {
        state.Write(paths.StateFile);
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

    RoutingTable TableOf(IReadOnlyDictionary<string, int> shares) =>
        new([.. shares.OrderBy(x => x.Key, StringComparer.Ordinal).Where(x => _revisions.ContainsKey(x.Key)).Select(x => (_revisions[x.Key].Routed, x.Value))]);

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
