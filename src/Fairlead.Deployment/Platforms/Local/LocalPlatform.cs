using System.Collections.Immutable;
using System.Globalization;
using Fairlead.Agent;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Runs an environment as processes of this user on this machine. One background process per environment (the agent) supervises the
/// replicas and routes traffic to them; it goes on when the command that started it has ended.
/// </summary>
/// <remarks>
/// Calls that change something start the agent when there is none, and a new agent takes up what the last one had: endpoints,
/// revisions and traffic. <see cref="ObserveAsync"/> only looks: with no agent nothing is running, so it reports nothing, also when a
/// later change will bring revisions back. Call <see cref="PrepareAsync"/> first to see what can be had again.
/// </remarks>
public sealed class LocalPlatform : IPlatform
{
    readonly AgentPaths _paths;
    readonly AgentLauncher _launcher;
    readonly Action<string>? _onNotice;

    /// <param name="stateDirectory">The environment's own directory, made when missing; outside of any clone, so that two clones share one environment.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onNotice">Told what the user should know although nothing failed: requests that had to be cut.</param>
    /// <param name="agentDirectory">Where the agent's program is; by default the folder <c>agent</c> beside the running program, where the build puts it.</param>
    /// <exception cref="UserErrorException">This is Windows.</exception>
    public LocalPlatform(AbsolutePath stateDirectory, TimeProvider time, Action<string>? onNotice = null, AbsolutePath? agentDirectory = null)
    {
        if (OperatingSystem.IsWindows())
            throw new UserErrorException("The local platform needs Linux or macOS.", "Deploy to another platform, or from WSL.");
        _paths = new AgentPaths(stateDirectory);
        _launcher = new AgentLauncher(_paths, agentDirectory ?? AbsolutePath.Create(AppContext.BaseDirectory) / "agent", time);
        _onNotice = onNotice;
    }

    /// <inheritdoc/>
    public string Name => "local";

    /// <summary>Where the background process serves metrics to Prometheus, an address of this machine alone; null: nowhere. Asked for whenever endpoints are prepared.</summary>
    public Uri? MetricsAddress { get; init; }

    /// <inheritdoc/>
    public async Task<PlatformState> ObserveAsync(CancellationToken cancellationToken)
    {
        using var client = await _launcher.FindAsync(cancellationToken);
        if (client is null)
            return PlatformState.Empty;
        AgentStateResponse state;
        try
        {
            state = await client.GetStateAsync(cancellationToken);
        }
        catch (HttpRequestException)
        {
            // It has ended in this moment, and with it all that ran.
            return PlatformState.Empty;
        }

        return new PlatformState(
            [.. state.Revisions.Select(x => new ObservedRevision(
                new Revision(x.Service, x.Ordinal, x.ArtifactDigest, x.ConfigurationDigest),
                x.Version,
                Enum.Parse<RevisionPhase>(x.Phase),
                x.HealthyReplicas,
                x.Replicas,
                x.InFlight,
                x.Detail)
            {
                Requests = x.Requests is { } counts ? new RequestCounts(counts.Total, counts.Failed, counts.Durations.ToImmutableSortedDictionary()) : null,
                RetiresAt = x.RetiresAt,
            })],
            state.Weights.ToImmutableSortedDictionary(x => x.Key, x => Weights(x.Value, state.Affinities.GetValueOrDefault(x.Key))))
        {
            GuardActedAt = state.GuardActedAt,
        };
    }

    /// <inheritdoc/>
    public Task PrepareAsync(ImmutableArray<ServiceEndpoint> endpoints, FencingToken token, CancellationToken cancellationToken) => ChangeAsync(
        token,
        async client =>
        {
            await client.PrepareAsync(new PrepareRequest(token.Value, [.. endpoints.Select(x => new EndpointMessage(x.Service, x.Url))]), cancellationToken);
            await ServeMetricsAsync(client, token, cancellationToken);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task CloseOthersAsync(ImmutableArray<ServiceEndpoint> endpoints, FencingToken token, CancellationToken cancellationToken) => ChangeAsync(
        token,
        client => client.CloseOthersAsync(new PrepareRequest(token.Value, [.. endpoints.Select(x => new EndpointMessage(x.Service, x.Url))]), cancellationToken),
        cancellationToken);

    /// <inheritdoc/>
    public Task BringUpAsync(RevisionSpec spec, FencingToken token, CancellationToken cancellationToken) => ChangeAsync(
        token,
        client => client.BringUpAsync(new BringUpRequest(token.Value, Message(spec)), cancellationToken),
        cancellationToken);

    /// <inheritdoc/>
    public Task SetWeightsAsync(string service, TrafficWeights weights, FencingToken token, CancellationToken cancellationToken) => ChangeAsync(
        token,
        client => client.SetWeightsAsync(service, new WeightsRequest(token.Value, weights.Shares, Message(weights)), cancellationToken),
        cancellationToken);

    /// <inheritdoc/>
    public Task RetireAsync(string revision, TimeSpan after, FencingToken token, CancellationToken cancellationToken) => ChangeAsync(
        token,
        async client =>
        {
            var ended = await client.RetireAsync(revision, new RetireRequest(token.Value, after), cancellationToken);
            if (ended.Cut > 0)
                _onNotice?.Invoke($"{revision}: {ended.Cut} requests were still running when its drain timeout was over, and were cut.");
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> GuardAsync(TrafficGuard? guard, FencingToken token, CancellationToken cancellationToken)
    {
        var message = guard is null ? null : new GuardMessage(guard.After, [.. guard.Services.Select(x => new GuardedMessage(x.Service, x.Revision, x.Replicas, x.StopFirst))]);
        await ChangeAsync(token, client => client.GuardAsync(new GuardRequest(token.Value, message), cancellationToken), cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(FencingToken token, CancellationToken cancellationToken)
    {
        await ChangeAsync(token, client => client.RemoveAsync(new TokenRequest(token.Value), cancellationToken), cancellationToken);
        await _launcher.WaitForEndAsync(cancellationToken);
    }

    /// <summary>Figures keep nobody from deploying.</summary>
    async Task ServeMetricsAsync(AgentClient client, FencingToken token, CancellationToken cancellationToken)
    {
        try
        {
            if (!await client.ServeMetricsAsync(new MetricsRequest(token.Value, MetricsAddress), cancellationToken) && MetricsAddress is not null)
                _onNotice?.Invoke("The background process of the local platform is of an earlier version, which serves no metrics. The next one does.");
        }
        catch (UserErrorException exception)
        {
            _onNotice?.Invoke(exception.Display);
        }
    }

    async Task ChangeAsync(FencingToken token, Func<AgentClient, Task> change, CancellationToken cancellationToken)
    {
        using var client = await _launcher.FindOrStartAsync(cancellationToken);
        try
        {
            await change(client);
        }
        catch (FencedException e)
        {
            throw new FencedOffException(token, new FencingToken(e.Highest));
        }
        catch (HttpRequestException e)
        {
            throw new UserErrorException(
                $"The background process of the local platform in '{_paths.Root}' ended during the call.",
                $"Run the command again: it starts it anew, and it takes up what was there. Its log is '{_paths.AgentLog}'.",
                e);
        }
    }

    static TrafficWeights Weights(IReadOnlyDictionary<string, int> shares, AffinityMessage? affinity) => new()
    {
        Shares = shares.ToImmutableSortedDictionary(),
        Affinity = affinity is null ? null : new Affinity(affinity.Kind == AffinityMessage.Cookie ? AffinityKind.Cookie : AffinityKind.Header, affinity.Name),
        Layout = affinity is null ? [] : [.. affinity.Layout],
    };

    static AffinityMessage? Message(TrafficWeights weights) => weights.Affinity is not { } affinity ? null : new AffinityMessage(
        affinity.Kind == AffinityKind.Cookie ? AffinityMessage.Cookie : AffinityMessage.Header,
        affinity.Name,
        weights.Layout.IsDefaultOrEmpty ? [.. weights.Shares.Keys.OrderByDescending(OrdinalOf)] : weights.Layout);

    static int OrdinalOf(string revision) => int.TryParse(revision.AsSpan(revision.LastIndexOf('.') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : 0;

    static RevisionMessage Message(RevisionSpec spec) => new()
    {
        Service = spec.Revision.Service,
        Ordinal = spec.Revision.Ordinal,
        ArtifactDigest = spec.Revision.ArtifactDigest,
        ConfigurationDigest = spec.Revision.ConfigurationDigest,
        Version = spec.Version,
        ArtifactFile = spec.ArtifactFile,
        Command = spec.Command,
        Variables = spec.Variables,
        Secrets = spec.Secrets,
        Replicas = spec.Replicas,
        MemoryLimit = spec.Resources.Memory,
        Probe = spec.Probe is { } probe
            ? new ProbeMessage(probe.HealthPath, probe.ReadyPath, probe.Interval, probe.Timeout, probe.FailureThreshold)
            : null,
        DrainTimeout = spec.DrainTimeout,
        StopGrace = spec.StopGrace,
    };
}
