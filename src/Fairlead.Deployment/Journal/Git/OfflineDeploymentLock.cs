using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// The lock of a <see cref="GitDeploymentStore"/> that cannot be reached: it holds on this machine, where the system's own lock keeps others
/// away. Its token is one higher than the highest that this machine knows of. So the platform obeys it when nobody has
/// changed the environment since this machine last heard of it, refuses whoever held the lock then, and obeys the next who gets the lock
/// through the store, whose token is at least as high.
/// </summary>
sealed class OfflineDeploymentLock(
    string environment, FencingToken token, ImmutableArray<JournalEntry> known, PendingEntries pending, ImmutableArray<JournalEntry> kept, ArtifactCache artifacts, FileStream local,
    TimeProvider time, Action<string> onDisposed) : IHeldGitLock
{
    readonly Lock _gate = new();
    ImmutableArray<JournalEntry> _journal = [.. known, .. kept.Select((x, i) => x with { Sequence = known.Length + i + 1, Delay = JournalDelay.Late })];

    public FencingToken Token => token;

    public bool IsOffline => true;

    public ImmutableArray<JournalEntry>? Journal => _journal;

    public Task AppendAsync(JournalEvent journalEvent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var entry = new JournalEntry(_journal.Length + 1, time.GetUtcNow(), token.Value, journalEvent);
            pending.Add(known.Length, entry);
            _journal = _journal.Add(entry with { Delay = JournalDelay.Late });
        }

        return Task.CompletedTask;
    }

    public Task KeepArtifactAsync(string digest, AbsolutePath file, CancellationToken cancellationToken) => artifacts.KeepAsync(digest, file, cancellationToken);

    /// <summary>Nothing is deleted on the strength of a journal that may be old.</summary>
    public Task PruneArtifactsAsync(IReadOnlySet<string> keep, CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        onDisposed(environment);
        await local.DisposeAsync();
    }
}
