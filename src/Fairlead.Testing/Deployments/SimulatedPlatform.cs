using System.Collections.Immutable;
using Fairlead.Deployment;
using Fairlead.Tooling;

namespace Fairlead.Testing;

/// <summary>
/// A platform in memory, to test rollouts in milliseconds. It keeps the platform's side of the contract strictly: it refuses tokens
/// lower than one it has seen, traffic for a revision that is not there, and the retirement of one that has traffic.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class SimulatedPlatform(TimeProvider time) : IPlatform, IEndpointProbe
{
    readonly SortedDictionary<int, (RevisionSpec Spec, DateTimeOffset Since)> _revisions = [];
    readonly SortedDictionary<string, TrafficWeights> _weights = new(StringComparer.Ordinal);
    readonly List<PlatformState> _states = [];
    ImmutableArray<ServiceEndpoint> _endpoints = [];
    FencingToken _highest;
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

    /// <summary>What is there now.</summary>
    public PlatformState State => _asleep ? PlatformState.Empty : new(
        [.. _revisions.Values.Select(x => Observe(x.Spec, time.GetUtcNow() - x.Since))],
        _weights.ToImmutableSortedDictionary(StringComparer.Ordinal));

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
            if (_revisions.TryGetValue(spec.Revision.Ordinal, out var other) && other.Spec.Revision != spec.Revision)
                throw new InvalidOperationException($"The ordinal of {spec.Revision.Name} belongs to {other.Spec.Revision.Name}.");
            _revisions.TryAdd(spec.Revision.Ordinal, (spec, time.GetUtcNow()));
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task SetWeightsAsync(string service, TrafficWeights weights, FencingToken token, CancellationToken cancellationToken) => Effect(
        $"switch {service}",
        token,
        () =>
        {
            if (weights.Shares.Keys.FirstOrDefault(x => State.Find(x) is null) is { } missing)
                throw new InvalidOperationException($"{missing} gets traffic and is not there.");
            _weights[service] = weights;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task RetireAsync(string revision, FencingToken token, CancellationToken cancellationToken) => Effect(
        $"retire {revision}",
        token,
        () =>
        {
            if (_weights.Values.Any(x => x.Of(revision) > 0))
                throw new InvalidOperationException($"{revision} is retired and has traffic.");
            foreach (var ordinal in _revisions.Where(x => x.Value.Spec.Revision.Name == revision).Select(x => x.Key).ToList())
                _revisions.Remove(ordinal);
        },
        cancellationToken);

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
        var serving = _revisions.Values.FirstOrDefault(x => _weights.GetValueOrDefault(service)?.Of(x.Spec.Revision.Name) > 0);
        if (serving.Spec is null || Observe(serving.Spec, time.GetUtcNow() - serving.Since).Phase != RevisionPhase.Healthy)
            return Task.FromResult<string?>("503 Service Unavailable");
        return Task.FromResult(Behaviour(serving.Spec).AnswersClients);
    }

    Task Effect(string name, FencingToken token, Action effect, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Kill.Run(name, () =>
        {
            if (token.Value < _highest.Value)
                throw new FencedOffException(token, _highest);
            _highest = token;
            WakeUp();
            OnEffect?.Invoke(name);
            effect();
            _states.Add(State);
        });
        return Task.CompletedTask;
    }

    void WakeUp()
    {
        if (!_asleep)
            return;
        _asleep = false;
        foreach (var (ordinal, (spec, _)) in _revisions.ToList())
            _revisions[ordinal] = (spec, time.GetUtcNow());
    }

    ObservedRevision Observe(RevisionSpec spec, TimeSpan age)
    {
        var behaviour = Behaviour(spec);
        var phase = behaviour switch
        {
            { Crashes: true } => RevisionPhase.Unhealthy,
            { UnhealthyAfter: { } end } when age >= end => RevisionPhase.Unhealthy,
            { HealthyAfter: { } start } when age >= start => RevisionPhase.Healthy,
            _ => RevisionPhase.Starting,
        };
        var detail = phase switch
        {
            RevisionPhase.Healthy => null,
            RevisionPhase.Unhealthy when behaviour.Crashes => "Replica 1 ended with exit code 134. It wrote last:\n  Unhandled exception: no database",
            _ => "Replica 1 answers 503 on /ready.",
        };
        return new ObservedRevision(spec.Revision, spec.Version, phase, phase == RevisionPhase.Healthy ? spec.Replicas : 0, spec.Replicas, Detail: detail);
    }
}
