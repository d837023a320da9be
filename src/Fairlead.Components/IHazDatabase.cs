using System.Collections.Immutable;
using Fairlead.Deployment;
using Fairlead.Engine;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Has databases: copies of them, and what proves these.</summary>
public interface IHazDatabase : IHazDeploymentStore, IHazSecrets
{
    /// <summary>Works on the databases.</summary>
    PostgresDatabase Database
    {
        get
        {
            var local = LocalStore;
            return new PostgresDatabase(Context.Processes, SecretSources, Context.Redactor, x => Context.Environment.GetValueOrDefault(x), local.DirectoryOf, Context.Time);
        }
    }

    /// <summary>Makes the deployer that a verb works with: under its lock and in its journal copies are made and brought back.</summary>
    /// <param name="command">What runs, for those who wait for it.</param>
    Deployer CreateDeployer(string command);

    /// <summary><c>:backup ENVIRONMENT [--if-due] [--list]</c>.</summary>
    [Verb("backup", "Makes a copy of an environment's database, or lists those that there are.", Usage = "ENVIRONMENT [--if-due] [--list]", Flags = ["if-due", "list"])]
    async Task BackUpAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        var environment = Rescued(Named(arguments));
        var work = WorkOf(environment);
        if (arguments.Has("list"))
        {
            ShowCopies(work);
            return;
        }

        if (arguments.Has("if-due") && !Database.IsBackupDue(work))
        {
            Context.Write(LogLevel.Information, $"The last copy of the database of {environment.Name}, {Database.List(work)[^1].Backup.Id}, is young enough; nothing was done.");
            return;
        }

        await CreateDeployer(":backup").BackUpAsync(environment, work.Log, cancellationToken);
    }

    /// <summary><c>:restore ENVIRONMENT COPY --accept-data-loss</c>.</summary>
    [Verb("restore", "Brings a copy of a database back; what is there stays beside under another name.", Usage = "ENVIRONMENT COPY --accept-data-loss", Flags = ["accept-data-loss"])]
    async Task RestoreAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        if (arguments.Positional is not [var name, var id])
            throw new UserErrorException("':restore' needs an environment and a copy.", $"Usage: :restore {arguments.Usage}; ':backup ENVIRONMENT --list' shows the copies.") { ExitCode = ExitCodes.Usage };
        var environment = Rescued(name);
        var work = WorkOf(environment);
        var copy = await new BackupJournal(OpenDeploymentStore()).FindAsync(name, id, cancellationToken);
        if (copy is null)
        {
            copy = Database.Find(work, id).Backup;
            if (!copy.IsEncrypted && (work.Database.Key is not null || work.Database.Encrypts))
            {
                throw new UserErrorException(
                    $"The copy '{id}' is not encrypted, and the journal of {name} does not know it: nothing tells who made it.", "Take a copy that ':backup' made here, or restore this one by hand when you know where it comes from.");
            }

            Context.Write(LogLevel.Warning, $"The journal of {name} does not know the copy '{id}', which was made elsewhere: that it is whole is known from what is written beside it alone.");
        }

        await CreateDeployer(":restore").RestoreDatabaseAsync(environment, copy, arguments.Has("accept-data-loss"), work.Log, cancellationToken);
    }

    /// <summary><c>:drill ENVIRONMENT [COPY]</c>.</summary>
    [Verb("drill", "Proves a copy of a database by restoring it beside.", Usage = "ENVIRONMENT [COPY]")]
    async Task DrillAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        if (arguments.Positional is not ([_] or [_, _]))
            throw new UserErrorException("':drill' needs an environment, and may have a copy.", $"Usage: :drill {arguments.Usage}") { ExitCode = ExitCodes.Usage };
        var environment = Rescued(arguments.Positional[0]);
        var work = WorkOf(environment);
        var copy = arguments.Positional.Length > 1 ? Database.Find(work, arguments.Positional[1])
            : Database.List(work) is [.., var last] ? last
            : throw new UserErrorException($"{environment.Name} has no copy in '{Database.DirectoryOf(work)}'.", $"Make one: ./build.sh :backup {environment.Name}");
        work = await new BackupJournal(OpenDeploymentStore()).OfReleaseAsync(work, copy.Backup.Release, cancellationToken);
        var record = await Database.DrillAsync(work, copy.Backup.Id, cancellationToken);
        if (!record.Drill!.Passed)
            throw new UserErrorException($"The copy {record.Backup.Id} of the database of {environment.Name} did not pass: {record.Drill.Message}", $"Make another: ./build.sh :backup {environment.Name}");
        Context.Write(LogLevel.Information, $"{record.Backup.Id}: {record.Drill.Message}");
    }

    /// <summary>A line about the last copy on this machine, and how it was proved.</summary>
    internal sealed IEnumerable<string> LastCopy(EnvironmentSpec environment)
    {
        if (environment.Database is null)
            return [];
        try
        {
            return Database.List(WorkOf(environment)) is [.., var last] ? [$"Last copy of the database: {last.Backup.Id}, {DrillOf(last)}."] : [];
        }
        catch (UserErrorException exception)
        {
            return [$"Copies of the database: {exception.Message}"];
        }
    }

    private static string DrillOf(BackupRecord copy) => copy.Drill is null ? "never proved" : $"{(copy.Drill.Passed ? "proved" : "FAILED")} {copy.Drill.At:yyyy-MM-dd HH:mm} UTC";

    private void ShowCopies(DatabaseWork work)
    {
        ImmutableArray<BackupRecord> copies;
        try
        {
            copies = Database.List(work);
        }
        catch (UserErrorException exception)
        {
            Context.Write(LogLevel.Warning, exception.Display);
            return;
        }

        Context.Write(LogLevel.Information, copies.IsEmpty ? $"There are no copies in '{Database.DirectoryOf(work)}'." : $"Copies in '{Database.DirectoryOf(work)}', the oldest first:");
        foreach (var copy in copies)
        {
            Context.Write(LogLevel.Information, $"  {copy.Backup.Id}  {copy.Backup.Database}  {copy.Backup.Bytes} bytes{(copy.Backup.IsEncrypted ? ", encrypted" : "")}{(copy.Rows is null ? "" : $", {copy.Rows.Values.Sum()} rows")}, {DrillOf(copy)}");
        }
    }

    private DatabaseWork WorkOf(EnvironmentSpec environment) => new()
    {
        Application = environment.Application,
        Environment = environment.Name,
        Database = environment.Database ?? throw new UserErrorException($"{environment.Name} has no database.", "Write 'database: { connection: env:DATABASE_URL }' for it.") { ExitCode = ExitCodes.Usage },
        Log = x => Context.Write(LogLevel.Information, x),
    };
}
