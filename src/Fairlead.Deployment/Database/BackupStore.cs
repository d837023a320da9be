using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// The copies of one environment's database: a directory for each, with the file and what is known about it. A copy gets its name when all of it is on the disk;
/// what has another name is not one, and the next copy takes it away.
/// </summary>
sealed class BackupStore(AbsolutePath directory)
{
    const string CopyFile = "copy";
    const string RecordFile = "backup.json";
    const string Unfinished = ".unfinished";
    const int SharingViolation = unchecked((int)0x80070020);
    const int WouldBlockOnLinux = 11;
    const int WouldBlockOnMac = 35;
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public AbsolutePath Directory => directory;

    /// <summary>Keeps others from the copies while it is open. It ends with the process that has it.</summary>
    /// <param name="patience">How long to wait for a command that has it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told once that it waits.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UserErrorException">Another command still has it, or the directory cannot be used.</exception>
    public async Task<IDisposable> LockAsync(TimeSpan patience, TimeProvider time, Action<string> log, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        for (var waits = false; ; waits = true)
        {
            if (TryLock() is { } held)
                return held;
            if (time.GetElapsedTime(since) >= patience)
                throw new UserErrorException($"Another command is working on the copies in '{directory}'.", "Wait until it has ended, then try again.");
            if (!waits)
                log($"Another command is working on the copies in '{directory}'; this one waits for it.");
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    IDisposable? TryLock() => Guarded<IDisposable?>("used", () =>
    {
        MakePrivate(directory);
        try
        {
            return new FileStream(directory / ".lock", Private(new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None }));
        }
        catch (IOException exception) when (exception.HResult is SharingViolation or WouldBlockOnLinux or WouldBlockOnMac)
        {
            return null;
        }
    });

    /// <summary>All copies, the oldest first. What is not a record of a copy is left out.</summary>
    /// <exception cref="UserErrorException">The directory cannot be read.</exception>
    public ImmutableArray<BackupRecord> List() =>
        [.. Directories().Where(x => !x.HasExtension(Unfinished)).Select(x => Read(x.Name)).OfType<BackupRecord>().OrderBy(x => x.Backup.At).ThenBy(x => x.Backup.Id, StringComparer.Ordinal)];

    /// <summary>A copy by its name.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public BackupRecord Find(string id)
    {
        var known = List();
        return known.FirstOrDefault(x => x.Backup.Id == id) ?? throw new UserErrorException(
            $"There is no copy '{id}' in '{directory}'.",
            Suggestion.Sentence(id, known.Select(x => x.Backup.Id)) ?? (known.IsEmpty ? "There are none at all." : $"The last one is '{known[^1].Backup.Id}'; ':backup ENVIRONMENT --list' shows all."));
    }

    /// <summary>A name that is free: the time and the version.</summary>
    public string NewId(DateTimeOffset at, string? release)
    {
        var version = release is null ? "" : "-" + string.Concat(release.Select(x => char.IsAsciiLetterOrDigit(x) || x is '.' or '-' ? x : '_'));
        var id = $"{at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}{(version.Length > 80 ? version[..80] : version)}";
        return Enumerable.Range(1, int.MaxValue).Select(x => x == 1 ? id : string.Create(CultureInfo.InvariantCulture, $"{id}-{x}")).First(x => !(directory / x).DirectoryExists());
    }

    /// <summary>Makes a copy whole or not at all.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="write">Writes the file, and says what is known about it; digest and size are put in here.</param>
    /// <param name="passphrase">What the record is sealed with; null: nothing.</param>
    public async Task<BackupRecord> AddAsync(string id, Func<Stream, Task<BackupRecord>> write, string? passphrase = null)
    {
        var temporary = directory / (id + Unfinished);
        try
        {
            Sweep();
            MakePrivate(temporary);
            BackupRecord record;
            var path = temporary / CopyFile;
            await using (var file = new FileStream(path, Private(new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 128 * 1024 })))
            {
                record = await write(file);
                file.Flush(flushToDisk: true);
            }

            record = record with { Backup = record.Backup with { Id = id, Digest = await DigestAsync(path, CancellationToken.None), Bytes = new FileInfo(path).Length } };
            if (passphrase is not null)
                record = record with { Seal = RecordSeal.Of(record, passphrase) };
            AtomicFile.Write(temporary / RecordFile, JsonSerializer.SerializeToUtf8Bytes(record, Json), OwnerOnly);
            AtomicFile.FlushDirectory(temporary);
            System.IO.Directory.Move(temporary, directory / id);
            AtomicFile.FlushDirectory(directory);
            return record;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable("written", exception);
        }
        finally
        {
            TryDelete(temporary);
        }
    }

    /// <summary>Writes what was found about a copy. Nothing happens when it has gone meanwhile.</summary>
    /// <exception cref="UserErrorException">It cannot be written.</exception>
    public void Update(BackupRecord record) => Guarded("written", () =>
    {
        if ((directory / record.Backup.Id / RecordFile).FileExists())
            AtomicFile.Write(directory / record.Backup.Id / RecordFile, JsonSerializer.SerializeToUtf8Bytes(record, Json), OwnerOnly);
        return true;
    });

    /// <summary>The record of a copy, when it says the same as the journal.</summary>
    /// <param name="backup">The copy, as the journal knows it.</param>
    /// <exception cref="UserErrorException">There is none, or it says something else.</exception>
    public BackupRecord Find(DatabaseBackup backup)
    {
        var record = Find(backup.Id);
        var known = record.Backup;
        var wrong = known.Digest != backup.Digest ? "digest" : known.Bytes != backup.Bytes ? "size" : known.IsEncrypted != backup.IsEncrypted ? "encryption" : known.Database != backup.Database ? "database" : null;
        return wrong is null ? record : throw new UserErrorException(
            $"The copy '{directory / backup.Id}' is not the one that was made: its record tells of another {wrong} than the journal.", "Take another copy, and find out who changed this one.");
    }

    /// <summary>Opens a copy when it is what was kept.</summary>
    /// <exception cref="UserErrorException">It is not there, or was changed.</exception>
    public async Task<FileStream> OpenAsync(DatabaseBackup backup, CancellationToken cancellationToken)
    {
        var path = directory / backup.Id / CopyFile;
        if (!IsName(backup.Id) || !path.FileExists())
            throw new UserErrorException($"The copy '{backup.Id}' is not in '{directory}'.", "':backup ENVIRONMENT --list' shows those that are.");
        FileStream? file = null;
        try
        {
            // What is looked at is what is given out, whatever becomes of the name meanwhile.
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var wrong = file.Length != backup.Bytes ? "size" : "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)) != backup.Digest ? "digest" : null;
            if (wrong is not null)
                throw new UserErrorException($"The copy '{path}' is not what was kept: its {wrong} is another one.", "Take another copy, and find out who changed this one.");
            file.Position = 0;
            return Interlocked.Exchange(ref file, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable("read", exception);
        }
        finally
        {
            if (file is not null)
                await file.DisposeAsync();
        }
    }

    /// <summary>Takes away what is older than the time for which copies are kept, but for the last one and those that are needed.</summary>
    /// <returns>The names of what went.</returns>
    public ImmutableArray<string> Prune(TimeSpan? retention, DateTimeOffset now, IReadOnlyCollection<string> needed)
    {
        if (retention is null)
            return [];
        var gone = ImmutableArray.CreateBuilder<string>();
        foreach (var id in List().SkipLast(1).Where(x => now - x.Backup.At > retention && !needed.Contains(x.Backup.Id)).Select(x => x.Backup.Id))
        {
            // Out of the list in one step, however long deleting takes.
            Guarded("cleared of old copies", () =>
            {
                System.IO.Directory.Move(directory / id, directory / (id + Unfinished));
                (directory / (id + Unfinished)).DeleteDirectory();
                return true;
            });
            gone.Add(id);
        }

        return gone.ToImmutable();
    }

    /// <summary>Takes away what a command that was killed has left.</summary>
    public void Sweep() => Guarded("cleared of what was left", () =>
    {
        foreach (var left in Directories().Where(x => x.HasExtension(Unfinished)))
            left.DeleteDirectory();
        return true;
    });

    List<AbsolutePath> Directories() => Guarded("read", () =>
    {
        try
        {
            return System.IO.Directory.EnumerateDirectories(directory).Select(AbsolutePath.Create).ToList();
        }
        catch (DirectoryNotFoundException) when (!directory.Exists())
        {
            return [];
        }
    });

    T Guarded<T>(string what, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(what, exception);
        }
    }

    UserErrorException Unusable(string what, Exception exception) => new(
        $"The directory of the copies, '{directory}', cannot be {what}: {exception.Message}",
        "Make sure that it belongs to this account and that there is room, or name another place under 'database: directory:'.",
        exception);

    static void TryDelete(AbsolutePath temporary)
    {
        try
        {
            temporary.DeleteDirectory();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next copy takes it away, or says why it cannot.
        }
    }

    BackupRecord? Read(string id)
    {
        try
        {
            var record = JsonSerializer.Deserialize<BackupRecord>(File.ReadAllBytes(directory / id / RecordFile), Json);
            return record?.Backup?.Id == id ? record : null;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Unusable("read", exception);
        }
        catch (Exception exception) when (exception is IOException or JsonException or NotSupportedException)
        {
            return null;
        }
    }

    static bool IsName(string id) => id.Length > 0 && id[0] != '.' && id.All(x => char.IsAsciiLetterOrDigit(x) || x is '.' or '-' or '_') && !id.EndsWith(Unfinished, StringComparison.Ordinal);

    static async Task<string> DigestAsync(AbsolutePath file, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        return "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }

    static FileStreamOptions Private(FileStreamOptions options)
    {
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return options;
    }

    static void MakePrivate(AbsolutePath path)
    {
        if (OperatingSystem.IsWindows())
            path.CreateDirectory();
        else
            System.IO.Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }
}
