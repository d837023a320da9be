using System.Collections.Immutable;
using Fairlead.Deployment;
using Fairlead.Tooling;

namespace Fairlead.Testing;

/// <summary>
/// A platform in memory, to test rollouts in milliseconds. It keeps the platform's side of the contract strictly: it refuses tokens
/// lower than one it has seen, traffic for a revision that is not there, and the retirement of one that has traffic.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="seed">For the requests that fail and the time they take; the same seed gives the same rollout.</param>
public sealed class SimulatedPlatform(TimeProvider time, int seed = 1) : IPlatform, IEndpointProbe, IFlagProvider
{
    readonly Random _random = new(seed);
    readonly SortedDictionary<int, SimulatedRevision> _revisions = [];
    readonly SortedDictionary<string, TrafficWeights> _weights = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, int> _flags = new(StringComparer.Ordinal);
    readonly Dictionary<string, double> _requests = new(StringComparer.Ordinal);
    readonly List<PlatformState> _states = [];
    ImmutableArray<ServiceEndpoint> _endpoints = [];
    FencingToken _highest;
    readonly List<GuardedService> _givingBack = [];
    (TrafficGuard Terms, DateTimeOffset Deadline)? _guard;
    DateTimeOffset? _guardActedAt;
    DateTimeOffset _trafficUntil = time.GetUtcNow();
    bool _asleep;

    /// <inheritdoc/>
    public string Name => "simulated";

    /// <summary>How a revision behaves that is brought up.</summary>
    public Func<RevisionSpec, SimulatedBehaviour> Behaviour { get; set; } = _ => new SimulatedBehaviour();

    /// <summary>May throw instead of an effect, whose name it gets: <c>bring-up storefront.2</c>.</summary>
    public Action<string>? OnEffect { get; set; }

    /// <summary>Counts the effects and may kill the process at one of them.</summary>
    public KillSwitch Kill { get; set; } = new();

    /// <summary>What was there after each effect: how a test sees that clients were served all the time.</summary>
    public IReadOnlyList<PlatformState> States => _states;

    /// <summary>The endpoints that are open.</summary>
    public ImmutableArray<ServiceEndpoint> Endpoints => _endpoints;

    /// <summary>Requests per second to each service. By default none.</summary>
    public double RequestsPerSecond { get; set; }

    /// <summary>Whether it acts by itself when its command is lost. By default it does.</summary>
    public bool CanGuard { get; set; } = true;

    /// <summary>Whether it would give traffic back by itself later on.</summary>
    public bool IsGuarded
    {
        get
        {
            Settle();
            return _guard is not null;
        }
    }

    /// <summary>The shares of the feature flags, in percent.</summary>
    public IReadOnlyDictionary<string, int> Flags => _flags;

    /// <summary>How many requests each version has had so far.</summary>
    public IReadOnlyDictionary<string, double> RequestsByVersion
    {
        get
        {
            Settle();
            return _requests;
        }
    }

    /// <summary>What is there now.</summary>
    public PlatformState State
    {
        get
        {
            Settle();
            return _asleep ? PlatformState.Empty : new(
                [.. _revisions.Values.Select(Observe)],
                _weights.ToImmutableSortedDictionary(StringComparer.Ordinal))
            { GuardActedAt = _guardActedAt };
        }
    }

    /// <summary>
    /// The machine restarts, and nothing is seen until the next change wakes the platform up: then it starts everything again that was
    /// there, as the local platform does.
    /// </summary>
    public void FallAsleep() => _asleep = true;

    /// <summary>The machine is replaced: nothing is there any more.</summary>
    public void LoseEverything()
    {
        _revisions.Clear();
        _weights.Clear();
        _endpoints = [];
        _guard = null;
        _guardActedAt = null;
        _givingBack.Clear();
    }

    /// <inheritdoc/>
    public Task<PlatformState> ObserveAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Kill.ThrowIfDead();
        return Task.FromResult(State);
    }

    /// <inheritdoc/>
    public Task PrepareAsync(ImmutableArray<ServiceEndpoint> endpoints, FencingToken token, CancellationToken cancellationToken) =>
        Effect("prepare", token, () => _endpoints = [.. _endpoints.Except(endpoints), .. endpoints], cancellationToken);

    /// <inheritdoc/>
    public Task CloseOthersAsync(ImmutableArray<ServiceEndpoint> endpoints, FencingToken token, CancellationToken cancellationToken) =>
        Effect("close-others", token, () => _endpoints = endpoints, cancellationToken);

    /// <inheritdoc/>
    public Task BringUpAsync(RevisionSpec spec, FencingToken token, CancellationToken cancellationToken) => Effect(
        $"bring-up {spec.Revision.Name}",
        token,
        () =>
        {
            if (!spec.ArtifactFile.FileExists())
                throw new UserErrorException($"There is no artifact at {spec.ArtifactFile}.");
            if (!_revisions.TryGetValue(spec.Revision.Ordinal, out var there))
                _revisions[spec.Revision.Ordinal] = new SimulatedRevision(spec, time.GetUtcNow(), new SimulatedTraffic(_random));
            else if (there.Spec.Revision != spec.Revision)
                throw new InvalidOperationException($"The ordinal of {spec.Revision.Name} belongs to {there.Spec.Revision.Name}.");
            else
                Scale(there, spec.Replicas);
            if (spec.Replicas > 0)
                _revisions[spec.Revision.Ordinal].RetiresAt = null;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task SetWeightsAsync(string service, TrafficWeights weights, FencingToken token, CancellationToken cancellationToken) => Effect(
        $"switch {service}",
        token,
        () =>
        {
            foreach (var name in weights.Shares.Keys)
            {
                var revision = Find(name) ?? throw new InvalidOperationException($"{name} gets traffic and is not there.");
                if (revision.Spec.Replicas == 0)
                    throw new InvalidOperationException($"{name} gets traffic and has no replica.");
                revision.RetiresAt = null;
            }

            _weights[service] = weights;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task RetireAsync(string revision, TimeSpan after, FencingToken token, CancellationToken cancellationToken) => Effect(
        $"retire {revision}",
        token,
        () =>
        {
            if (_weights.Values.Any(x => x.Of(revision) > 0))
                throw new InvalidOperationException($"{revision} is retired and has traffic.");
            if (Find(revision) is { } there && after > TimeSpan.Zero)
                there.RetiresAt ??= time.GetUtcNow() + after;
            else
                Forget(revision);
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> GuardAsync(TrafficGuard? guard, FencingToken token, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!CanGuard)
            return false;
        if (guard is not null && guard == _guard?.Terms)
        {
            // Only says that the command is still there: nothing that a kill could come before or after.
            Kill.ThrowIfDead();
            Settle();
            Refuse(token);
            if (_guard is not null)
                _guard = (guard, time.GetUtcNow() + guard.After);
        }
        else
        {
            await Effect(guard is null ? "unguard" : "guard", token, () =>
            {
                _guard = guard is null ? null : (guard, time.GetUtcNow() + guard.After);
                _guardActedAt = null;
            }, cancellationToken);
        }

        return true;
    }

    /// <inheritdoc/>
    public string DefaultFileOf(EnvironmentSpec environment) => "/simulated/flags.json";

    /// <inheritdoc/>
    public Task SetAsync(string file, ImmutableArray<string> flags, int share, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Kill.Run($"flags {share} %", () =>
        {
            Settle();
            OnEffect?.Invoke($"flags {share} %");
            foreach (var flag in flags)
                _flags[flag] = share;
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task RemoveAsync(FencingToken token, CancellationToken cancellationToken) => Effect("remove", token, LoseEverything, cancellationToken);

    /// <inheritdoc/>
    public Task<string?> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Kill.ThrowIfDead();
        // An address that another service is taking over is the former one's until the traffic moves.
        var services = _asleep ? [] : _endpoints.Where(x => x.Url is not null && x.Url.Authority == address.Authority).Select(x => x.Service).Reverse().ToList();
        if (services.Count == 0)
            return Task.FromResult<string?>("Connection refused");
        var service = services.Find(x => _weights.GetValueOrDefault(x)?.Shares.IsEmpty == false) ?? services[0];
        var serving = _revisions.Values.Where(x => _weights.GetValueOrDefault(service)?.Of(x.Spec.Revision.Name) > 0).MaxBy(x => _weights[service].Of(x.Spec.Revision.Name));
        if (serving is null || Observe(serving).HealthyReplicas == 0)
            return Task.FromResult<string?>("503 Service Unavailable");
        return Task.FromResult(Behaviour(serving.Spec).AnswersClients);
    }

    Task Effect(string name, FencingToken token, Action effect, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Kill.Run(name, () =>
        {
            Settle();
            Refuse(token);
            if (token.Value > _highest.Value)
            {
                _givingBack.Clear();
                // Whoever takes over from the command that armed the guard gets its full time.
                if (_guard is { } guard)
                    _guard = (guard.Terms, time.GetUtcNow() + guard.Terms.After);
            }

            _highest = token;
            WakeUp();
            OnEffect?.Invoke(name);
            effect();
            _states.Add(State);
        });
        return Task.CompletedTask;
    }

    void Refuse(FencingToken token)
    {
        if (token.Value < _highest.Value)
            throw new FencedOffException(token, _highest);
    }

    /// <summary>What has happened by itself since the last look.</summary>
    void Settle()
    {
        var now = time.GetUtcNow();
        if (_guard is { } guard && now >= guard.Deadline)
        {
            ServeUntil(guard.Deadline);
            GiveBack(guard.Terms, guard.Deadline);
        }

        ServeUntil(now);
        // As on a real platform, nothing gets traffic before it is well.
        foreach (var service in _givingBack.Where(x => Find(x.Revision) is null || Observe(Find(x.Revision)!).HealthyReplicas > 0).ToList())
        {
            _givingBack.Remove(service);
            if (Find(service.Revision) is null)
                continue;
            _weights[service.Service] = TrafficWeights.AllTo(service.Revision);
            _states.Add(State);
        }

        foreach (var revision in _revisions.Values.Where(x => x.RetiresAt <= now).ToList())
            Forget(revision.Spec.Revision.Name);
    }

    void GiveBack(TrafficGuard terms, DateTimeOffset at)
    {
        _guard = null;
        _guardActedAt = at;
        _highest = new FencingToken(_highest.Value + 1);
        foreach (var service in terms.Services)
        {
            if (Find(service.Revision) is not { } stable)
                continue;
            Scale(stable, service.Replicas);
            stable.RetiresAt = null;
            _givingBack.Add(service);
        }
    }

    void ServeUntil(DateTimeOffset now)
    {
        var seconds = (now - _trafficUntil).TotalSeconds;
        _trafficUntil = now;
        if (seconds <= 0 || RequestsPerSecond <= 0 || _asleep)
            return;
        foreach (var revision in _revisions.Values)
        {
            var share = _weights.GetValueOrDefault(revision.Spec.Revision.Service)?.Of(revision.Spec.Revision.Name) ?? 0;
            if (share == 0)
                continue;
            var behaviour = Behaviour(revision.Spec);
            var requests = RequestsPerSecond * seconds * share / 100;
            var flagged = _flags.Count == 0 ? 0 : _flags.Values.Max() / 100.0;
            var errors = Observe(revision).HealthyReplicas == 0 ? 1 : Math.Min(1, behaviour.ErrorRate + behaviour.FlaggedErrorRate * flagged);
            revision.Traffic.Answer(requests, errors, behaviour);
            _requests[revision.Spec.Version] = _requests.GetValueOrDefault(revision.Spec.Version) + requests;
        }
    }

    void Scale(SimulatedRevision revision, int replicas)
    {
        if (replicas > revision.Spec.Replicas)
            (revision.HealthyBefore, revision.ScaledAt) = (Observe(revision).HealthyReplicas, time.GetUtcNow());
        else
            revision.HealthyBefore = Math.Min(revision.HealthyBefore, replicas);
        revision.Spec = revision.Spec with { Replicas = replicas };
    }

    SimulatedRevision? Find(string revision) => _revisions.Values.FirstOrDefault(x => x.Spec.Revision.Name == revision);

    void Forget(string revision)
    {
        foreach (var ordinal in _revisions.Where(x => x.Value.Spec.Revision.Name == revision).Select(x => x.Key).ToList())
            _revisions.Remove(ordinal);
    }

    void WakeUp()
    {
        if (!_asleep)
            return;
        _asleep = false;
        foreach (var revision in _revisions.Values)
            (revision.Since, revision.ScaledAt, revision.HealthyBefore) = (time.GetUtcNow(), time.GetUtcNow(), 0);
        // Its clock has not run on either.
        if (_guard is { } guard)
            _guard = (guard.Terms, time.GetUtcNow() + guard.Terms.After);
    }

    ObservedRevision Observe(SimulatedRevision revision)
    {
        var spec = revision.Spec;
        var now = time.GetUtcNow();
        var behaviour = Behaviour(spec);
        var phase = behaviour switch
        {
            _ when spec.Replicas == 0 => RevisionPhase.Starting,
            { Crashes: true } => RevisionPhase.Unhealthy,
            { UnhealthyAfter: { } end } when now - revision.Since >= end => RevisionPhase.Unhealthy,
            { HealthyAfter: { } start } when now - revision.ScaledAt >= start => RevisionPhase.Healthy,
            _ => RevisionPhase.Starting,
        };
        var detail = phase switch
        {
            RevisionPhase.Healthy => null,
            _ when spec.Replicas == 0 => null,
            RevisionPhase.Unhealthy when behaviour.Crashes => "Replica 1 ended with exit code 134. It wrote last:\n  Unhandled exception: no database",
            _ => "Replica 1 answers 503 on /ready.",
        };
        var healthy = phase switch
        {
            RevisionPhase.Healthy => spec.Replicas,
            RevisionPhase.Starting => Math.Min(revision.HealthyBefore, spec.Replicas),
            _ => 0,
        };
        return new ObservedRevision(spec.Revision, spec.Version, phase, healthy, spec.Replicas, Detail: detail)
        {
            Requests = revision.Traffic.Counts,
            RetiresAt = revision.RetiresAt,
        };
    }
}
