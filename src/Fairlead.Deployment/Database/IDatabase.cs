using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Does to a database what a rollout needs. Each call can be repeated after it was killed.</summary>
public interface IDatabase
{
    /// <summary>Makes a copy, whole or not at all.</summary>
    /// <exception cref="UserErrorException">It could not be made; nothing is left of it.</exception>
    Task<DatabaseBackup> BackUpAsync(DatabaseWork work, CancellationToken cancellationToken);

    /// <summary>
    /// Restores a copy beside the database, migrates that, compares the schemas, and takes it away again.
    /// </summary>
    /// <param name="work">What for.</param>
    /// <param name="backup">The copy.</param>
    /// <param name="mayContract">Whether the migrations may take away what was there: when no old version runs beside the new one.</param>
    /// <param name="cancellationToken">Stops it; what was made beside is taken away.</param>
    /// <exception cref="UserErrorException">It cannot be restored, or the migrations fail, or they take away what the old version may use.</exception>
    Task RehearseAsync(DatabaseWork work, DatabaseBackup backup, bool mayContract, CancellationToken cancellationToken);

    /// <summary>Runs the release's migrations.</summary>
    /// <exception cref="UserErrorException">The command failed.</exception>
    Task MigrateAsync(DatabaseWork work, MigrationKind kind, CancellationToken cancellationToken);

    /// <summary>Asks whether the database is what the release expects.</summary>
    /// <exception cref="UserErrorException">It is not.</exception>
    Task ConfirmAsync(DatabaseWork work, CancellationToken cancellationToken);

    /// <summary>Brings a copy back in place of what is there, which stays beside under another name.</summary>
    /// <exception cref="UserErrorException">It is not there, is not what was kept, or cannot be restored; the database is as it was.</exception>
    Task RestoreAsync(DatabaseWork work, DatabaseBackup backup, CancellationToken cancellationToken);
}
