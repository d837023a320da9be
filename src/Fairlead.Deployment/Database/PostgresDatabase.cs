using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Works on PostgreSQL databases by PostgreSQL's own programs: <c>pg_dump</c>, <c>pg_restore</c> and <c>psql</c>, of the path or where Debian keeps them.
/// Whoever calls holds the environment's lock.
/// </summary>
/// <param name="processes">Starts the programs.</param>
/// <param name="secrets">Gives out addresses and passphrases.</param>
/// <param name="redactor">Told each password before anybody else.</param>
/// <param name="variable">Reads a variable of the command that deploys.</param>
/// <param name="directoryOf">The state of an environment on this machine.</param>
/// <param name="time">The clock.</param>
public sealed class PostgresDatabase(
    IProcessRunner processes, ISecretSource secrets, Redactor redactor, Func<string, string?> variable, Func<string, AbsolutePath> directoryOf, TimeProvider time) : IDatabase
{
    readonly PostgresPrograms _programs = new(processes, variable);

    /// <inheritdoc/>
    public async Task<DatabaseBackup> BackUpAsync(DatabaseWork work, CancellationToken cancellationToken)
    {
        var database = work.Database;
        if (database is { Encrypts: true, Key: null })
            throw new UserErrorException($"The copies of {work.Environment}'s database are to be encrypted, and nothing says with which passphrase.", "Write where it is: 'database: { key: env:BACKUP_KEY }'.");
        var address = await AddressAsync(work, cancellationToken);
        var passphrase = await PassphraseAsync(database, cancellationToken);
        var store = StoreOf(work);
        using var holding = await store.LockAsync(database.Timeout, time, work.Log, cancellationToken);
        var at = time.GetUtcNow();
        var template = new BackupRecord
        {
            Backup = new DatabaseBackup("", address.Database, at, work.Version, "", 0, passphrase is not null),
            IsDump = database.Backup.IsEmpty,
        };
        BackupRecord record;
        try
        {
            record = await store.AddAsync(store.NewId(at, work.Version), async file =>
            {
                using var cipher = passphrase is null ? null : new BackupCipher.Writer(file, passphrase);
                var bytes = 0L;
                var copied = template.IsDump
                    ? await DumpAsync(template, address, database.Timeout, Write, cancellationToken)
                    : await CopyByCommandAsync(template, work, address, Write, cancellationToken);
                if (bytes == 0)
                    throw new UserErrorException("The command that makes the copy ended well and wrote nothing to its standard output.", "Let it write the copy there, as 'pg_dump' does.");
                cipher?.Complete();
                return copied;

                void Write(ReadOnlySpan<byte> part)
                {
                    bytes += part.Length;
                    if (cipher is null)
                        file.Write(part);
                    else
                        cipher.Write(part);
                }
            }, passphrase);
        }
        catch (UserErrorException exception)
        {
            throw new UserErrorException($"{address.Database} could not be copied, and nothing is left of the copy. {exception.Message}", exception.Remedy, exception) { ExitCode = exception.ExitCode };
        }

        work.Log($"{address.Database} is copied: {record.Backup.Id}, {record.Backup.Bytes} bytes{(passphrase is null ? "" : ", encrypted")}{(record.Rows is null ? "" : $", {record.Rows.Values.Sum()} rows in {record.Rows.Count} tables")}.");
        try
        {
            foreach (var old in store.Prune(database.Retention, at, work.NeededBackups))
                work.Log($"The copy {old} is older than copies are kept, and is gone.");
        }
        catch (UserErrorException exception)
        {
            work.Log($"Old copies stay: {exception.Message}");
        }

        return record.Backup;
    }

    /// <inheritdoc/>
    public async Task RehearseAsync(DatabaseWork work, DatabaseBackup backup, bool mayContract, CancellationToken cancellationToken)
    {
        var address = await AddressAsync(work, cancellationToken);
        var beside = Beside(work, address);
        var record = StoreOf(work).Find(backup);
        await beside.SweepAsync(BesideDatabases.Rehearsal, time.GetUtcNow(), work.Log, cancellationToken);
        await WithAsync(beside, beside.NewName(BesideDatabases.Rehearsal, time.GetUtcNow()), async name =>
        {
            var copy = address with { Database = name };
            await RestoreIntoAsync(work, copy, record, cancellationToken);
            var original = await SchemaAsync(address, work, cancellationToken);
            var before = await SchemaAsync(copy, work, cancellationToken);
            var rows = await CountAsync(copy, work, cancellationToken);
            work.Log($"The migrations are rehearsed on {name}.");
            try
            {
                await RunAsync(work, copy, work.Database.Migrations, $"The migrations of {work.Version} fail on a copy of {address.Database}.", cancellationToken);
            }
            finally
            {
                await RefuseChangedAsync(original);
            }

            ImmutableArray<string> contractions =
            [
                .. SchemaComparison.Contractions(before, await SchemaAsync(copy, work, cancellationToken)),
                .. SchemaComparison.LostRows(rows, await CountAsync(copy, work, cancellationToken)),
            ];
            if (contractions.IsEmpty || mayContract)
            {
                work.Log($"The rehearsal on a copy of {address.Database} went well{(contractions.IsEmpty ? "" : $"; {contractions.Length} changes take something away")}.");
                return;
            }

            throw new UserErrorException(
                $"The migrations of {work.Version} take away what the old version may use while both run, or after a rollback ({(contractions.Length == 1 ? "one change" : $"{contractions.Length} changes")}):"
                    + string.Concat(contractions.Select(x => $"{Environment.NewLine}    {x}")),
                "Move these changes to 'database: contract:', which runs when the old revision has gone, or use the strategy 'recreate'.");
        }, work.Log);

        async Task RefuseChangedAsync(SchemaSnapshot original)
        {
            if (SchemaComparison.AreSame(original, await SchemaAsync(address, work, CancellationToken.None)))
                return;
            throw new UserErrorException(
                $"The schema of {address} itself changed while the migrations of {work.Version} were only rehearsed on a copy: the command does not take its database from the variables, and the real database has been migrated"
                    + " (or somebody else changed its schema at the same time).",
                $"Look at {address.Database} now. Let the command connect by PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE, or by DATABASE_URL, before it runs again.");
        }
    }

    /// <inheritdoc/>
    public async Task MigrateAsync(DatabaseWork work, MigrationKind kind, CancellationToken cancellationToken)
    {
        var (command, what) = kind switch
        {
            MigrationKind.Expand => (work.Database.Migrations, "The migrations"),
            MigrationKind.Contract => (work.Database.Contract, "The contracting migrations"),
            _ => (work.Database.Down, "The down migrations"),
        };
        if (command.IsEmpty)
            return;
        var address = await AddressAsync(work, cancellationToken);
        await using var held = await LockIfPossibleAsync(work, address, cancellationToken);
        await RunAsync(work, address, command, $"{what} of {work.Version} failed on {address.Database}.", cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ConfirmAsync(DatabaseWork work, CancellationToken cancellationToken)
    {
        if (work.Database.Confirm.IsEmpty)
            return;
        var address = await AddressAsync(work, cancellationToken);
        await RunAsync(work, address, work.Database.Confirm, $"{address.Database} is not what {work.Version} expects.", cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RestoreAsync(DatabaseWork work, DatabaseBackup backup, CancellationToken cancellationToken)
    {
        var address = await AddressAsync(work, cancellationToken);
        var beside = Beside(work, address);
        var record = StoreOf(work).Find(backup);
        if (record.Backup.Database != address.Database)
            throw new UserErrorException($"The copy '{backup.Id}' is of {record.Backup.Database}, and not of {address.Database}.", "Restore it where it comes from, or restore it by hand.");
        await using var held = await ServerLock.TakeAsync(_programs, processes, address, cancellationToken);
        var mark = $"{BesideDatabases.MarkPrefix}{work.Application}/{work.Environment}, copy {backup.Id}{(work.Attempt is null ? "" : $", for {work.Attempt}")}";
        if (work.Attempt is not null && await beside.MarkOfAsync(address.Database, cancellationToken) == mark)
        {
            work.Log($"{address.Database} has the copy {backup.Id} already.");
            return;
        }

        var stamp = string.Concat(backup.Id.Where(char.IsAsciiLetterOrDigit).Take(16)).ToLowerInvariant();
        var name = PostgresPrograms.Beside(address.Database, "restored", stamp);
        // What a command that was killed has left of it is not whole.
        await beside.DropAsync(name, cancellationToken);
        var swapped = false;
        try
        {
            await beside.CreateAsync(name, cancellationToken);
            var copy = address with { Database = name };
            await RestoreIntoAsync(work, copy, record, cancellationToken);
            RefuseOtherRows(record, await CountAsync(copy, work, cancellationToken));
            await beside.DressAsync(name, mark, cancellationToken);
            if (work.BeforeSwap is { } ask)
                await ask(cancellationToken);
            if (!held.IsHeld)
                throw new UserErrorException($"The lock on the server of {address}, which keeps other commands off meanwhile, was lost.", "Look whether the server is well, then try again.");
            // From here on it is done or not done; half of it there is not.
            var before = await beside.SwapAsync(name, time.GetUtcNow(), CancellationToken.None);
            swapped = true;
            work.Log($"{address.Database} is what it was at {backup.At:u} (copy {backup.Id}).{(before is null ? "" : $" What it was until now is beside, as {before}: drop it when nobody needs it.")}");
        }
        catch (UserErrorException exception)
        {
            throw new UserErrorException($"The copy '{backup.Id}' is not restored; {address.Database} is as it was. {exception.Message}", exception.Remedy, exception) { ExitCode = exception.ExitCode };
        }
        finally
        {
            if (!swapped)
                await TidyAsync(() => beside.DropAsync(name, CancellationToken.None), name, work.Log);
        }
    }

    /// <summary>The copies of an environment's database on this machine, the oldest first.</summary>
    public ImmutableArray<BackupRecord> List(DatabaseWork work) => StoreOf(work).List();

    /// <summary>A copy by its name.</summary>
    /// <exception cref="UserErrorException">There is none of that name.</exception>
    public BackupRecord Find(DatabaseWork work, string id) => StoreOf(work).Find(id);

    /// <summary>Where they are.</summary>
    public AbsolutePath DirectoryOf(DatabaseWork work) => StoreOf(work).Directory;

    /// <summary>Whether the last copy is older than the environment says they may be; true when there is none, and when nothing is said.</summary>
    public bool IsBackupDue(DatabaseWork work) => List(work) is not [.., var last] || work.Database.Frequency is not { } frequency || time.GetUtcNow() - last.Backup.At >= frequency;

    /// <summary>
    /// Proves a copy: restores it beside, compares the rows of each table with those that it had when it was made, asks <c>confirm</c> where there is an artifact, and takes it
    /// away again. What came out is written beside the copy.
    /// </summary>
    /// <param name="work">What for.</param>
    /// <param name="id">Which copy; null: the last one.</param>
    /// <param name="cancellationToken">Stops it; what was made beside is taken away.</param>
    /// <exception cref="UserErrorException">There is no such copy.</exception>
    public async Task<BackupRecord> DrillAsync(DatabaseWork work, string? id, CancellationToken cancellationToken)
    {
        var store = StoreOf(work);
        var record = id is not null ? store.Find(id) : store.List() is [.., var last] ? last : throw new UserErrorException($"{work.Environment} has no copy in '{store.Directory}'.", "':backup' makes one.");
        var at = time.GetUtcNow();
        BackupDrill drill;
        try
        {
            drill = new BackupDrill(at, true, await TryAsync(work, record, cancellationToken));
        }
        catch (UserErrorException exception)
        {
            drill = new BackupDrill(at, false, exception.Message);
        }

        record = record with { Drill = drill };
        // Only now, because a drill takes long, and a deployment must not wait for it.
        using var holding = await store.LockAsync(work.Database.Timeout, time, work.Log, cancellationToken);
        store.Update(record);
        return record;
    }

    async Task<string> TryAsync(DatabaseWork work, BackupRecord record, CancellationToken cancellationToken)
    {
        var address = await AddressAsync(work, cancellationToken);
        var beside = Beside(work, address);
        await beside.SweepAsync(BesideDatabases.Drill, time.GetUtcNow(), work.Log, cancellationToken);
        return await WithAsync(beside, beside.NewName(BesideDatabases.Drill, time.GetUtcNow()), async name =>
        {
            var copy = address with { Database = name };
            await RestoreIntoAsync(work, copy, record, cancellationToken);
            var rows = await CountAsync(copy, work, cancellationToken);
            RefuseOtherRows(record, rows);
            var confirms = !work.Database.Confirm.IsEmpty && work.Artifact is not null;
            if (confirms)
                await RunAsync(work, copy, work.Database.Confirm, $"The copy '{record.Backup.Id}' can be restored, but is not what {work.Version} expects.", cancellationToken);
            return $"It was restored: {rows.Values.Sum()} rows in {rows.Count} tables{(record.Rows is null ? ", which nobody counted when it was made" : ", as when it was made")}{(confirms ? $", and is what {work.Version} expects" : "")}"
                + $"{(record.Backup.IsEncrypted || work.Database.Key is null ? "" : "; it is not encrypted, though copies are to be now")}.";
        }, work.Log);
    }

    async Task<ImmutableSortedDictionary<string, long>> CountAsync(PostgresAddress address, DatabaseWork work, CancellationToken cancellationToken)
    {
        var output = new SnapshotOutput();
        await PostgresPrograms.ReachingAsync(address, () => processes.ReadAsync(_programs.Psql(address, work.Database.Timeout, SnapshotOutput.CountRows), output.Add, cancellationToken));
        return await output.Rows.WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
    }

    static void RefuseOtherRows(BackupRecord record, ImmutableSortedDictionary<string, long> rows)
    {
        var expected = record.Rows ?? rows;
        var wrong = expected.Keys.Union(rows.Keys, StringComparer.Ordinal)
            .Where(x => expected.GetValueOrDefault(x, -1) != rows.GetValueOrDefault(x, -1))
            .Select(x => $"{x}: {(expected.TryGetValue(x, out var then) ? then : "no table")} then, {(rows.TryGetValue(x, out var now) ? now : "no table")} restored")
            .ToList();
        if (wrong.Count > 0)
            throw new UserErrorException($"The copy '{record.Backup.Id}' can be restored, but does not have the rows that it should have: {string.Join("; ", wrong.Take(10))}.");
    }

    /// <summary>Migrations work where psql is not there, or the database <c>postgres</c> cannot be reached; only somebody who holds the lock keeps them off.</summary>
    async Task<IAsyncDisposable?> LockIfPossibleAsync(DatabaseWork work, PostgresAddress address, CancellationToken cancellationToken)
    {
        try
        {
            return await ServerLock.TakeAsync(_programs, processes, address, cancellationToken);
        }
        catch (UserErrorException exception) when (exception is not DatabaseBusyException)
        {
            work.Log($"There is no lock on the server of {address} ({exception.Message.ReplaceLineEndings(" ")}); only the lock of {work.Environment} keeps others off.");
            return null;
        }
    }

    async Task<BackupRecord> DumpAsync(BackupRecord record, PostgresAddress address, TimeSpan timeout, OutputBytes write, CancellationToken cancellationToken)
    {
        using var held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var output = new SnapshotOutput();
        Task holder = PostgresPrograms.ReachingAsync(address, () => processes.ReadAsync(_programs.Psql(address, timeout, SnapshotOutput.Hold), output.Add, held.Token));
        try
        {
            var exported = await BeforeEndAsync(output.Snapshot);
            await processes.ReadAsync(
                _programs.Command(address, timeout, "pg_dump", "--format=custom", "--no-password", $"--snapshot={exported.Snapshot}", $"--lock-wait-timeout={(long)Math.Min(timeout.TotalMilliseconds, int.MaxValue)}"), write, cancellationToken);
            return record with { Server = exported.Server, Rows = await BeforeEndAsync(output.Rows) };
        }
        finally
        {
            await held.CancelAsync();
            await holder.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        async Task<T> BeforeEndAsync<T>(Task<T> wanted)
        {
            if (await Task.WhenAny(wanted, holder) == wanted || wanted.IsCompleted)
                return await wanted;
            await holder;
            throw new UserErrorException("psql ended before it had told what was asked.", "Is the program 'psql' on the path PostgreSQL's own?");
        }
    }

    async Task<BackupRecord> CopyByCommandAsync(BackupRecord record, DatabaseWork work, PostgresAddress address, OutputBytes write, CancellationToken cancellationToken)
    {
        await processes.ReadAsync(Own(work, address, work.Database.Backup, null), write, cancellationToken);
        return record;
    }

    async Task RestoreIntoAsync(DatabaseWork work, PostgresAddress target, BackupRecord record, CancellationToken cancellationToken)
    {
        var database = work.Database;
        if (!record.IsDump && database.Restore.IsEmpty)
            throw new UserErrorException($"The copy '{record.Backup.Id}' was made by a command of your own, and nothing says what restores it.", "Write program and arguments under 'database: restore:'; they read the copy from standard input.");
        await using var file = await StoreOf(work).OpenAsync(record.Backup, cancellationToken);
        string? passphrase = null;
        if (record.Backup.IsEncrypted)
        {
            passphrase = await PassphraseAsync(database, cancellationToken)
                ?? throw new UserErrorException($"The copy '{record.Backup.Id}' is encrypted, and nothing says with which passphrase.", "Write where it is: 'database: { key: env:BACKUP_KEY }'.");
            // All of it is looked at before anything is told what is in it: the end of a stream looks like the end of the copy.
            await Task.Run(() => BackupCipher.Read(file, passphrase, record.Backup.Id, _ => { }), cancellationToken);
            file.Position = 0;
            if (!RecordSeal.Holds(record, passphrase))
                throw new UserErrorException($"What is written beside the copy '{record.Backup.Id}' was changed, or was written by somebody without the passphrase.", "Take another copy, and find out who changed this one.");
        }

        var command = database.Restore.IsEmpty
            ? _programs.Command(target, database.Timeout, "pg_restore", "--exit-on-error", "--no-password", $"--dbname={target.Database}")
            : Own(work, target, database.Restore, null);
        await processes.RunAsync(
            command with
            {
                WriteInput = stream =>
                {
                    if (passphrase is null)
                        file.CopyTo(stream);
                    else
                        BackupCipher.Read(file, passphrase, record.Backup.Id, stream.Write);
                },
            },
            line => work.Log(line.Text),
            cancellationToken);
    }

    async Task RunAsync(DatabaseWork work, PostgresAddress address, ImmutableArray<string> command, string failure, CancellationToken cancellationToken)
    {
        using var files = await MigrationFiles.UnpackAsync(directoryOf(work.Environment) / "migrations", work.Artifact, cancellationToken);
        try
        {
            await processes.RunAsync(Own(work, address, command, files.Directory), line => work.Log(line.Text), cancellationToken);
        }
        catch (UserErrorException exception)
        {
            throw new UserErrorException($"{failure} {exception.Message}", exception.Remedy, exception) { ExitCode = exception.ExitCode };
        }
    }

    static ToolCommand Own(DatabaseWork work, PostgresAddress address, ImmutableArray<string> command, AbsolutePath? directory) =>
        PostgresPrograms.On(new ToolCommand(command[0], command[1..]) { WorkingDirectory = directory }, address, work.Database.Timeout)
            .WithEnvironment("FAIRLEAD_VERSION", work.Version)
            .WithEnvironment("FAIRLEAD_ENVIRONMENT", work.Environment);

    Task<SchemaSnapshot> SchemaAsync(PostgresAddress address, DatabaseWork work, CancellationToken cancellationToken) =>
        _programs.QueryAsync<SchemaSnapshot>(address, work.Database.Timeout, SchemaQuery.Text, cancellationToken);

    BesideDatabases Beside(DatabaseWork work, PostgresAddress address) => new(_programs, processes, address, work.Database.Timeout);

    BackupStore StoreOf(DatabaseWork work) => new(work.Database.Directory is { } directory
        ? AbsolutePath.Create(directory) / work.Application / work.Environment
        : directoryOf(work.Environment) / "backups");

    async Task<string?> PassphraseAsync(DatabaseSpec database, CancellationToken cancellationToken) => database.Key is null ? null : await secrets.ResolveAsync(database.Key, cancellationToken);

    async Task<PostgresAddress> AddressAsync(DatabaseWork work, CancellationToken cancellationToken)
    {
        var database = work.Database;
        PostgresAddress address;
        if (database.Connection is null)
        {
            address = PostgresAddress.FromVariables(variable, database.Name);
        }
        else
        {
            var text = await secrets.ResolveAsync(database.Connection, cancellationToken);
            redactor.Add(text);
            address = PostgresAddress.Parse(text, database.Connection.ToString(), database.Name);
        }

        redactor.Add(address.Password);
        return address with { ConnectTimeout = address.ConnectTimeout ?? (variable("PGCONNECT_TIMEOUT") is { Length: > 0 } own ? own : null) };
    }

    static Task WithAsync(BesideDatabases beside, string name, Func<string, Task> use, Action<string> log) => WithAsync(beside, name, async x =>
    {
        await use(x);
        return true;
    }, log);

    static async Task<T> WithAsync<T>(BesideDatabases beside, string name, Func<string, Task<T>> use, Action<string> log)
    {
        try
        {
            await beside.CreateAsync(name, CancellationToken.None);
            return await use(name);
        }
        finally
        {
            await TidyAsync(() => beside.DropAsync(name, CancellationToken.None), name, log);
        }
    }

    /// <summary>What went wrong before matters more than that something is left.</summary>
    static async Task TidyAsync(Func<Task> drop, string name, Action<string> log)
    {
        try
        {
            await drop();
        }
        catch (UserErrorException exception)
        {
            log($"{name} could not be taken away: {exception.Message}");
        }
    }
}
