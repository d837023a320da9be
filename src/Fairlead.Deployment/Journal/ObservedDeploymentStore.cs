using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>A store with observers: whatever is done to an environment goes through its lock, so none of them can be forgotten.</summary>
/// <param name="inner">The store.</param>
/// <param name="observers">Told in this order.</param>
public sealed class ObservedDeploymentStore(IDeploymentStore inner, ImmutableArray<IDeploymentObserver> observers) : IDeploymentStore
{
    /// <inheritdoc/>
    public Task<ImmutableArray<JournalEntry>> ReadJournalAsync(string environment, CancellationToken cancellationToken) => inner.ReadJournalAsync(environment, cancellationToken);

    /// <inheritdoc/>
    public Task<LockHolder?> FindHolderAsync(string environment, CancellationToken cancellationToken) => inner.FindHolderAsync(environment, cancellationToken);

    /// <inheritdoc/>
    public async Task<IDeploymentLock> LockAsync(string environment, LockRequest request, CancellationToken cancellationToken)
    {
        var held = await inner.LockAsync(environment, request, cancellationToken);
        try
        {
            // Without the store there is nothing to look at, and traffic waits to be given back.
            foreach (var observer in held.IsOffline ? [] : observers)
                await observer.TakenAsync(environment, request, cancellationToken);
            return new Observed(held, environment, observers);
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<bool> RequestAsync(string environment, OperatorAction action, string by, CancellationToken cancellationToken) => inner.RequestAsync(environment, action, by, cancellationToken);

    /// <inheritdoc/>
    public Task<OperatorRequest?> ReadRequestAsync(string environment, CancellationToken cancellationToken) => inner.ReadRequestAsync(environment, cancellationToken);

    /// <inheritdoc/>
    public Task<LockHolder?> BreakLockAsync(string environment, CancellationToken cancellationToken) => inner.BreakLockAsync(environment, cancellationToken);

    /// <inheritdoc/>
    public AbsolutePath? FindArtifact(string environment, string digest) => inner.FindArtifact(environment, digest);

    sealed class Observed(IDeploymentLock held, string environment, ImmutableArray<IDeploymentObserver> observers) : IDeploymentLock
    {
        bool _isDisposed;

        public FencingToken Token => held.Token;

        public bool IsOffline => held.IsOffline;

        public Task AppendAsync(JournalEvent journalEvent, CancellationToken cancellationToken) => held.AppendAsync(journalEvent, cancellationToken);

        public Task KeepForLaterAsync(JournalEvent journalEvent) => held.KeepForLaterAsync(journalEvent);

        public Task KeepArtifactAsync(string digest, AbsolutePath file, CancellationToken cancellationToken) => held.KeepArtifactAsync(digest, file, cancellationToken);

        public Task PruneArtifactsAsync(IReadOnlySet<string> keep, CancellationToken cancellationToken) => held.PruneArtifactsAsync(keep, cancellationToken);

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _isDisposed, true))
                return;
            await held.DisposeAsync();
            // Afterwards: what the store was not able to write under the lock has no number in the journal yet.
            foreach (var observer in held.IsOffline ? [] : observers)
                await observer.LeftAsync(environment);
        }
    }
}
