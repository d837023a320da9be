using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Stands for a database where there is none.</summary>
sealed class NoDatabase : IDatabase
{
    /// <inheritdoc/>
    public Task<DatabaseBackup> BackUpAsync(DatabaseWork work, CancellationToken cancellationToken) => throw Missing(work);

    /// <inheritdoc/>
    public Task RehearseAsync(DatabaseWork work, DatabaseBackup backup, bool mayContract, CancellationToken cancellationToken) => throw Missing(work);

    /// <inheritdoc/>
    public Task MigrateAsync(DatabaseWork work, MigrationKind kind, CancellationToken cancellationToken) => throw Missing(work);

    /// <inheritdoc/>
    public Task ConfirmAsync(DatabaseWork work, CancellationToken cancellationToken) => throw Missing(work);

    /// <inheritdoc/>
    public Task RestoreAsync(DatabaseWork work, DatabaseBackup backup, CancellationToken cancellationToken) => throw Missing(work);

    static UserErrorException Missing(DatabaseWork work) => new(
        $"{work.Environment} has a database, and this command was given nobody who could work on it.", "Set 'DeployerOptions.Database'.");
}
