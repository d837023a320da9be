using System.Collections.Immutable;
using Fairlead.Deployment;
using Fairlead.Tooling;

namespace Fairlead.CrashHost;

sealed class CountingStore(IDeploymentStore inner, Effects effects) : IDeploymentStore
{
    public Task<ImmutableArray<JournalEntry>> ReadJournalAsync(string environment, CancellationToken cancellationToken) =>
        inner.ReadJournalAsync(environment, cancellationToken);

    public Task<LockHolder?> FindHolderAsync(string environment, CancellationToken cancellationToken) =>
        inner.FindHolderAsync(environment, cancellationToken);

    public async Task<IDeploymentLock> LockAsync(string environment, LockRequest request, CancellationToken cancellationToken) =>
        new CountingLock(await effects.RunAsync("store: lock", () => inner.LockAsync(environment, request, cancellationToken)), effects);

    public Task<bool> RequestAsync(string environment, OperatorAction action, string by, CancellationToken cancellationToken) =>
        inner.RequestAsync(environment, action, by, cancellationToken);

    public Task<OperatorRequest?> ReadRequestAsync(string environment, CancellationToken cancellationToken) => inner.ReadRequestAsync(environment, cancellationToken);

    public Task<LockHolder?> BreakLockAsync(string environment, CancellationToken cancellationToken) => inner.BreakLockAsync(environment, cancellationToken);

    public AbsolutePath? FindArtifact(string environment, string digest) => inner.FindArtifact(environment, digest);
}
