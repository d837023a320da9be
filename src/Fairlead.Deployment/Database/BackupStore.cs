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
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public AbsolutePath Directory => directory;

    /// <summary>Keeps others from the copies while it is open. It ends with the process that has it.</summary>
    /// <exception cref="UserErrorException">Another command has it.</exception>
    public IDisposable Lock()
    {
        MakePrivate(directory);
        try
        {
            return new FileStream(directory / ".lock", Private(new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None }));
        }
        catch (IOException exception)
        {
            throw new UserErrorException($"Another command is working on the copies in '{directory}'.", "Wait until it has ended, then try again.", exception);
        }
    }

    /// <summary>All copies, the oldest first. What cannot be read is left out.</summary>
    public ImmutableArray<BackupRecord> List() => !directory.DirectoryExists()
        ? []
        : [.. directory.GetDirectories().Where(x => !x.HasExtension(Unfinished)).Select(x => Read(x.Name)).OfType<BackupRecord>().OrderBy(x => x.Backup.At).ThenBy(x => x.Backup.Id, StringComparer.Ordinal)];

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
    public async Task<BackupRecord> AddAsync(string id, Func<Stream, Task<BackupRecord>> write)
    {
        Sweep();
        var temporary = directory / (id + Unfinished);
        MakePrivate(temporary);
        try
        {
            BackupRecord record;
            var path = temporary / CopyFile;
            await using (var file = new FileStream(path, Private(new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 128 * 1024 })))
            {
                record = await write(file);
                file.Flush(flushToDisk: true);
            }

            record = record with { Backup = record.Backup with { Id = id, Digest = await DigestAsync(path, CancellationToken.None), Bytes = new FileInfo(path).Length } };
            AtomicFile.Write(temporary / RecordFile, JsonSerializer.SerializeToUtf8Bytes(record, Json), OwnerOnly);
            AtomicFile.FlushDirectory(temporary);
            System.IO.Directory.Move(temporary, directory / id);
            AtomicFile.FlushDirectory(directory);
            return record;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The copy cannot be written in '{directory}': {exception.Message}", "Make room there, or name another place under 'database: directory:'.", exception);
        }
        finally
        {
            temporary.DeleteDirectory();
        }
    }

    /// <summary>Writes what was found about a copy.</summary>
    public void Update(BackupRecord record) => AtomicFile.Write(directory / record.Backup.Id / RecordFile, JsonSerializer.SerializeToUtf8Bytes(record, Json), OwnerOnly);

    /// <summary>Opens a copy when it is what was kept.</summary>
    /// <exception cref="UserErrorException">It is not there, or was changed.</exception>
    public async Task<FileStream> OpenAsync(DatabaseBackup backup, CancellationToken cancellationToken)
    {
        var path = directory / backup.Id / CopyFile;
        if (!IsName(backup.Id) || !path.FileExists())
            throw new UserErrorException($"The copy '{backup.Id}' is not in '{directory}'.", "':backup ENVIRONMENT --list' shows those that are.");
        if (await DigestAsync(path, cancellationToken) != backup.Digest)
            throw new UserErrorException($"The copy '{path}' is not what was kept: its digest is another one.", "Take another copy, and find out who changed this one.");
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
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
            System.IO.Directory.Move(directory / id, directory / (id + Unfinished));
            (directory / (id + Unfinished)).DeleteDirectory();
            gone.Add(id);
        }

        return gone.ToImmutable();
    }

    /// <summary>Takes away what a command that was killed has left.</summary>
    public void Sweep()
    {
        foreach (var left in directory.DirectoryExists() ? directory.GetDirectories().Where(x => x.HasExtension(Unfinished)).ToList() : [])
            left.DeleteDirectory();
    }

    BackupRecord? Read(string id)
    {
        try
        {
            var record = JsonSerializer.Deserialize<BackupRecord>(File.ReadAllBytes(directory / id / RecordFile), Json);
            return record?.Backup?.Id == id ? record : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
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
