using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>When what happens to the database in the course of an operation.</summary>
/// <remarks>
/// Pure. Guarantees: nothing of a release starts before its migrations have succeeded; what the version before uses is taken away only when none of its processes is
/// left; a copy is brought back by itself only when nobody can have written since it was made.
/// </remarks>
static class DatabaseSchedule
{
    /// <summary>Copy, rehearsal, migration and confirmation, as far as they are left. Nothing for a release that is live already.</summary>
    /// <param name="target">What is to become live.</param>
    /// <param name="live">What is live, or null.</param>
    /// <param name="hasDowntime">Whether nothing of the version before runs meanwhile.</param>
    /// <param name="done">Ids of the steps that are done.</param>
    public static IEnumerable<RolloutStep> Before(DeploymentTarget target, DeploymentTarget? live, bool hasDowntime, IReadOnlySet<string> done) =>
        ForwardSteps(target, live, hasDowntime).Where(x => !done.Contains(x.Id));

    /// <summary>The contracting migrations of a release that is live.</summary>
    public static RolloutStep Contract(DeploymentTarget live, DatabaseSpec database) =>
        new RolloutStep.Migrate(MigrationKind.Contract, database, live.Release.Version, live.DatabaseArtifact);

    /// <summary>Whether the target's migrations are still to run.</summary>
    public static bool IsNew(DeploymentTarget target, DeploymentTarget? live) =>
        target.Database is { TakesPart: true } && (live?.Database is not { TakesPart: true } || live.Release.Digest != target.Release.Digest);

    /// <summary>What is done to the database when releases are left behind by a rollback.</summary>
    /// <param name="history">The environment's history.</param>
    /// <param name="target">What is gone back to.</param>
    /// <param name="choice">What is to become of the database.</param>
    /// <returns>The steps before anything starts, and those after what is left has gone.</returns>
    /// <exception cref="UserErrorException">What is gone back to may not work with the database, and nobody has said what to do; or there is no copy.</exception>
    public static DatabaseReturn Return(EnvironmentHistory history, DeploymentTarget target, DatabaseChoice choice)
    {
        if (choice == DatabaseChoice.Keep || Left(history, target) is not { Count: > 0 } left)
            return DatabaseReturn.Nothing;
        var oldest = left[^1];
        var isContracted = left.Exists(x => x.IsContracted);
        if (choice == DatabaseChoice.AcceptDataLoss)
        {
            // The copy from before the contraction has everything that the older release uses, and less is lost with it.
            if ((oldest.ContractBackup ?? oldest.Backup) is not { } backup || oldest.Target.Database is not { } database)
                throw new UserErrorException($"There is no copy of the database from before {oldest.Target.Release.Version}.", "Go back with the database as it is: --keep-database. ':backup ENVIRONMENT --list' shows other copies.");
            RolloutStep restore = new RolloutStep.Restore(database, backup);
            return isContracted ? new DatabaseReturn([restore], []) : new DatabaseReturn([], [restore]);
        }

        RolloutStep[] down =
        [
            .. from release in left
               let database = release.Target.Database
               where database is { OnRollback: DatabaseFallback.MigrateDown, Down.IsEmpty: false }
               select new RolloutStep.Migrate(MigrationKind.Down, database, release.Target.Release.Version, release.Target.DatabaseArtifact, IsRequired: false),
        ];
        if (isContracted && left.Exists(x => x.IsContracted && x.Target.Database is not { OnRollback: DatabaseFallback.MigrateDown, Down.IsEmpty: false }))
        {
            var contracted = left.Find(x => x.IsContracted)!.Target.Release.Version;
            var loss = (oldest.ContractBackup ?? oldest.Backup) is { } copy ? $"'--accept-data-loss' brings back the copy of {copy.At:yyyy-MM-dd HH:mm:ss} UTC: what was written since is lost to {target.Release.Version}. " : "";
            throw new UserErrorException(
                $"The contracting migrations of {contracted} have run, so {target.Release.Version} may not work with the database as it is.",
                $"{loss}'--keep-database' goes back all the same, when you know that it works.");
        }

        return isContracted ? new DatabaseReturn([.. down], []) : new DatabaseReturn([], [.. down]);
    }

    /// <summary>The releases above the one that is gone back to, the latest first.</summary>
    static List<LiveRelease> Left(EnvironmentHistory history, DeploymentTarget target)
    {
        if (history.Live is not { } live || live.Target.Release.Digest == target.Release.Digest || !history.Before.Any(x => x.Target.RunsTheSameAs(target)))
            return [];
        return [live, .. history.Before.TakeWhile(x => !x.Target.RunsTheSameAs(target))];
    }

    /// <summary>What is done to the database when a deployment is taken back, when nothing of it runs any more.</summary>
    /// <param name="failed">What was to become live.</param>
    /// <param name="operation">The operation that is taken back.</param>
    /// <param name="nobodyWrote">Whether nobody can have written since the copy was made.</param>
    public static RolloutStep? Back(DeploymentTarget failed, UnfinishedOperation? operation, bool nobodyWrote)
    {
        if (failed.Database is not { } database || operation is null || !operation.Intended.Contains(RolloutStep.Migrate.ExpandId))
            return null;
        RolloutStep? step = database.OnRollback switch
        {
            DatabaseFallback.MigrateDown when !database.Down.IsEmpty => new RolloutStep.Migrate(MigrationKind.Down, database, failed.Release.Version, failed.DatabaseArtifact, IsRequired: false),
            DatabaseFallback.Restore when nobodyWrote && operation.Backup is { } backup => new RolloutStep.Restore(database, backup, IsRequired: false),
            _ => null,
        };
        return step is not null && operation.Done.Contains(step.Id) ? null : step;
    }

    static IEnumerable<RolloutStep> ForwardSteps(DeploymentTarget target, DeploymentTarget? live, bool hasDowntime)
    {
        if (!IsNew(target, live) || target.Database is not { } database)
            yield break;
        var (version, artifact) = (target.Release.Version, target.DatabaseArtifact);
        if (database.BacksUp)
            yield return new RolloutStep.BackUp(database, live?.Release.Version);
        if (database is { BacksUp: true, Rehearses: true, Migrations.IsEmpty: false })
            yield return new RolloutStep.Rehearse(database, version, artifact, MayContract: hasDowntime || live is null);
        if (!database.Migrations.IsEmpty)
            yield return new RolloutStep.Migrate(MigrationKind.Expand, database, version, artifact);
        if (!database.Confirm.IsEmpty)
            yield return new RolloutStep.Confirm(database, version, artifact);
    }
}
