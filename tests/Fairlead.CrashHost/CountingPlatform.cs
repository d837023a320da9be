using System.Collections.Immutable;
using Fairlead.Deployment;

namespace Fairlead.CrashHost;

sealed class CountingPlatform(IPlatform inner, Effects effects) : IPlatform
{
    TrafficGuard? _guard;

    public string Name => inner.Name;

    public Task<PlatformState> ObserveAsync(CancellationToken cancellationToken) => inner.ObserveAsync(cancellationToken);

    public Task PrepareAsync(ImmutableArray<ServiceEndpoint> endpoints, FencingToken token, CancellationToken cancellationToken) =>
        effects.RunAsync("platform: prepare", () => inner.PrepareAsync(endpoints, token, cancellationToken));

    public Task CloseOthersAsync(ImmutableArray<ServiceEndpoint> endpoints, FencingToken token, CancellationToken cancellationToken) =>
        effects.RunAsync("platform: close others", () => inner.CloseOthersAsync(endpoints, token, cancellationToken));

    public Task BringUpAsync(RevisionSpec spec, FencingToken token, CancellationToken cancellationToken) =>
        effects.RunAsync("platform: bring up", () => inner.BringUpAsync(spec, token, cancellationToken));

    public Task SetWeightsAsync(string service, TrafficWeights weights, FencingToken token, CancellationToken cancellationToken) =>
        effects.RunAsync("platform: set weights", () => inner.SetWeightsAsync(service, weights, token, cancellationToken));

    public Task RetireAsync(string revision, TimeSpan after, FencingToken token, CancellationToken cancellationToken) =>
        effects.RunAsync("platform: retire", () => inner.RetireAsync(revision, after, token, cancellationToken));

    public async Task<bool> GuardAsync(TrafficGuard? guard, FencingToken token, CancellationToken cancellationToken)
    {
        // Saying that the command is still there is no effect to be killed at.
        if (guard is not null && guard == _guard)
            return await inner.GuardAsync(guard, token, cancellationToken);
        _guard = guard;
        var can = false;
        await effects.RunAsync(guard is null ? "platform: unguard" : "platform: guard", async () => can = await inner.GuardAsync(guard, token, cancellationToken));
        return can;
    }

    public Task RemoveAsync(FencingToken token, CancellationToken cancellationToken) =>
        effects.RunAsync("platform: remove", () => inner.RemoveAsync(token, cancellationToken));
}
