using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>The right to change one environment, until disposed.</summary>
public interface IDeploymentLock : IAsyncDisposable
{
    /// <summary>Carried by every call to the platform.</summary>
    FencingToken Token { get; }

    /// <summary>
    /// Whether the store could not be reached, and this lock keeps others away on this machine alone; see <see cref="LockRequest.AllowOffline"/>.
    /// Then only traffic may be given back, to revisions that run already.
    /// </summary>
    bool IsOffline => false;

    /// <summary>Appends to the journal; when this returns, the entry survives a power cut.</summary>
    /// <exception cref="FencedOffException">Somebody else has the lock. Nothing was written.</exception>
    /// <exception cref="IOException">The store cannot be written: nothing must go forward. Traffic may still be given back.</exception>
    Task AppendAsync(JournalEvent journalEvent, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps an entry that could not be appended, for the journal to get when it can be written again: for what gives traffic back without it.
    /// A store that has no other place than the one that failed does nothing.
    /// </summary>
    Task KeepForLaterAsync(JournalEvent journalEvent) => Task.CompletedTask;

    /// <summary>Keeps a copy of an artifact, whole or not at all. One that is kept already is not copied again.</summary>
    /// <exception cref="UserErrorException">The file is not there or is not what the digest says.</exception>
    Task KeepArtifactAsync(string digest, AbsolutePath file, CancellationToken cancellationToken);

    /// <summary>Deletes all artifacts but these.</summary>
    Task PruneArtifactsAsync(IReadOnlySet<string> keep, CancellationToken cancellationToken);
}
