using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Remembers what was deployed where: for each environment of one application a journal, a lock and the artifacts of the last
/// releases. Reading needs no lock; whatever changes something goes through the <see cref="IDeploymentLock"/>.
/// </summary>
public interface IDeploymentStore
{
    /// <summary>All whole entries, oldest first. Empty for an environment that was never deployed to.</summary>
    /// <exception cref="UserErrorException">The journal is damaged, or was written by a newer version.</exception>
    Task<ImmutableArray<JournalEntry>> ReadJournalAsync(string environment, CancellationToken cancellationToken);

    /// <summary>Who holds the lock just now, or null.</summary>
    Task<LockHolder?> FindHolderAsync(string environment, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the lock with a token higher than every one before. A holder that died has lost it at once.
    /// </summary>
    /// <exception cref="UserErrorException">Somebody else holds it and did not let go within the time that the request waits; names them.</exception>
    Task<IDeploymentLock> LockAsync(string environment, LockRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Leaves a request for the command that holds the lock, in place of one that was left before.
    /// </summary>
    /// <returns>Whether anybody holds the lock; otherwise nothing was left.</returns>
    Task<bool> RequestAsync(string environment, OperatorAction action, string by, CancellationToken cancellationToken);

    /// <summary>The last request that was left, or null.</summary>
    Task<OperatorRequest?> ReadRequestAsync(string environment, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the lock away from whoever holds it: the next <see cref="LockAsync"/> gets it, with a token higher than the holder's, and whatever
    /// the holder still appends is refused.
    /// </summary>
    /// <returns>Who held it, or null when nobody did; then nothing was changed.</returns>
    /// <exception cref="UserErrorException">The store cannot be written.</exception>
    Task<LockHolder?> BreakLockAsync(string environment, CancellationToken cancellationToken);

    /// <summary>The kept file of an artifact, or null. The path is for reading only.</summary>
    AbsolutePath? FindArtifact(string environment, string digest);
}
