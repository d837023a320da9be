using System.Collections.Immutable;
using Fairlead.Deployment;

namespace Fairlead.CrashHost;

sealed class CountingPlatform(IPlatform inner, Effects effects) : IPlatform
{
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

    public Task RetireAsync(string revision, FencingToken token, CancellationToken cancellationToken) =>
        effects.RunAsync("platform: retire", () => inner.RetireAsync(revision, token, cancellationToken));

    public Task RemoveAsync(FencingToken token, CancellationToken cancellationToken) =>
        effects.RunAsync("platform: remove", () => inner.RemoveAsync(token, cancellationToken));
}
