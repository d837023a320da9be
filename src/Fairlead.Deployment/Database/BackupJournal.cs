namespace Fairlead.Deployment;

/// <summary>What the journal knows of the copies of an environment's database: what is written beside a copy can be changed with it.</summary>
/// <param name="store">Where the journal is.</param>
public sealed class BackupJournal(IDeploymentStore store)
{
    /// <summary>A copy as the journal knows it; null: it does not, because the copy was made elsewhere.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="id">The copy.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task<DatabaseBackup?> FindAsync(string environment, string id, CancellationToken cancellationToken) =>
        EnvironmentHistory.Of(await store.ReadJournalAsync(environment, cancellationToken)).Backups.FindLast(x => x.Id == id);

    /// <summary>The same work for a release that is or was live, with its artifact and its <c>confirm</c>; without one where the release or its artifact is not at hand.</summary>
    /// <param name="work">What for.</param>
    /// <param name="version">The release's version; null: none.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task<DatabaseWork> OfReleaseAsync(DatabaseWork work, string? version, CancellationToken cancellationToken)
    {
        var history = EnvironmentHistory.Of(await store.ReadJournalAsync(work.Environment, cancellationToken));
        var release = history.Recent.Prepend(history.Live).FirstOrDefault(x => x is not null && x.Target.Release.Version == version);
        return release?.Target.Database is { } database && store.FindArtifact(work.Environment, release.Target.DatabaseArtifact) is { } artifact
            ? work with { Version = version, Artifact = artifact, Database = work.Database with { Confirm = database.Confirm } }
            : work;
    }
}
