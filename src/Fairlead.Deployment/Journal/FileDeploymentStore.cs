using System.Collections.Immutable;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Keeps the state of one application in a directory, outside every clone, so that two clones share one environment:
/// <c>&lt;root&gt;/&lt;application&gt;/&lt;environment&gt;/</c> with <c>journal.jsonl</c>, <c>lock</c>, <c>holder.json</c> and <c>artifacts/</c>.
/// Only this user can read it.
/// </summary>
/// <param name="root">The state directory; see <see cref="DefaultRoot"/>.</param>
/// <param name="application">The application's name.</param>
/// <param name="time">The clock.</param>
public sealed class FileDeploymentStore(AbsolutePath root, string application, TimeProvider time) : IDeploymentStore
{
    // What a lock that is held looks like; any other error must not look like somebody else's deployment.
    const int LinuxWouldBlock = 11;
    const int MacWouldBlock = 35;
    const int WindowsSharingViolation = unchecked((int)0x80070020);

    internal const UnixFileMode OnlyMe = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    internal static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// <c>$FAIRLEAD_STATE</c>, or <c>$XDG_STATE_HOME/fairlead</c>, or <c>~/.local/state/fairlead</c> (on Windows
    /// <c>%LOCALAPPDATA%\fairlead</c>).
    /// </summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="UserErrorException">No variable says where; or <c>FAIRLEAD_STATE</c> is no absolute path.</exception>
    public static AbsolutePath DefaultRoot(Func<string, string?> variable)
    {
        if (variable("FAIRLEAD_STATE") is { Length: > 0 } own)
        {
            return Path.IsPathFullyQualified(own)
                ? AbsolutePath.Create(own)
                : throw new UserErrorException($"FAIRLEAD_STATE must be an absolute path, but is '{own}'.", "It names the directory that remembers what is deployed.");
        }

        if (OperatingSystem.IsWindows() && variable("LOCALAPPDATA") is { Length: > 0 } local)
            return AbsolutePath.Create(local) / "fairlead";
        // The XDG specification says to ignore relative paths.
        if (variable("XDG_STATE_HOME") is { } xdg && Path.IsPathFullyQualified(xdg))
            return AbsolutePath.Create(xdg) / "fairlead";
        if (variable("HOME") is { } home && Path.IsPathFullyQualified(home))
            return AbsolutePath.Create(home) / ".local" / "state" / "fairlead";
        throw new UserErrorException("There is no place for the state of deployments: neither HOME nor FAIRLEAD_STATE is set.", "Set FAIRLEAD_STATE to a directory that stays.");
    }

    /// <summary>The directory of an environment.</summary>
    public AbsolutePath DirectoryOf(string environment) => root / application / environment;

    /// <inheritdoc/>
    public async Task<ImmutableArray<JournalEntry>> ReadJournalAsync(string environment, CancellationToken cancellationToken)
    {
        var file = JournalOf(environment);
        return file.FileExists() ? JournalText.Read(await ReadSharedAsync(file, cancellationToken), file).Entries : [];
    }

    /// <inheritdoc/>
    public Task<LockHolder?> FindHolderAsync(string environment, CancellationToken cancellationToken)
    {
        var file = DirectoryOf(environment) / "lock";
        if (!file.FileExists())
            return Task.FromResult<LockHolder?>(null);
        try
        {
            // A shared lock can be had while nobody holds the exclusive one.
            using var probe = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            return Task.FromResult<LockHolder?>(null);
        }
        catch (IOException exception) when (exception.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation)
        {
            return Task.FromResult(ReadLock(environment).Holder);
        }
    }

    /// <inheritdoc/>
    public async Task<IDeploymentLock> LockAsync(string environment, LockRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await TakeLockAsync(environment, request, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(environment, exception);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> RequestAsync(string environment, OperatorAction action, string by, CancellationToken cancellationToken)
    {
        if (await FindHolderAsync(environment, cancellationToken) is null)
            return false;
        var request = new OperatorRequest(Guid.NewGuid().ToString("N"), ReadLock(environment).Token, action, by, time.GetUtcNow());
        Writing(environment, () => AtomicFile.Write(RequestOf(environment), JsonSerializer.Serialize(request), OnlyMe));
        return true;
    }

    /// <inheritdoc/>
    public Task<OperatorRequest?> ReadRequestAsync(string environment, CancellationToken cancellationToken)
    {
        try
        {
            var file = RequestOf(environment);
            return Task.FromResult(file.FileExists() ? JsonSerializer.Deserialize<OperatorRequest>(file.ReadAllText()) : null);
        }
        catch (JsonException)
        {
            return Task.FromResult<OperatorRequest?>(null);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The system's lock cannot be taken from a process. So the files are replaced by others of the same name: what the holder has open,
    /// and its lock, belong to nobody any more, and it finds a higher token when it looks.
    /// </remarks>
    public async Task<LockHolder?> BreakLockAsync(string environment, CancellationToken cancellationToken)
    {
        if (await FindHolderAsync(environment, cancellationToken) is not { } holder)
            return null;
        using var breaking = await TakeTurnAsync(environment, cancellationToken);
        // Somebody else may have broken it meanwhile. Who has got it since is not the one that was to lose it.
        if (await FindHolderAsync(environment, cancellationToken) != holder)
            return null;
        try
        {
            var directory = DirectoryOf(environment);
            var last = ReadLock(environment);
            // First the token: from here on the holder appends nothing that the copy of the journal could miss.
            AtomicFile.Write(directory / "holder.json", JsonSerializer.Serialize(new LockRecord(last.Token + 1, null)), OnlyMe);
            if (JournalOf(environment) is var journal && journal.FileExists())
                AtomicFile.Write(journal, await ReadSharedAsync(journal, CancellationToken.None), OnlyMe);
            AtomicFile.Write(directory / "lock", "", OnlyMe);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(environment, exception);
        }

        return holder;
    }

    /// <summary>Breaking the lock, and settling in after taking it, one after the other: nobody copies a journal that the next holder is writing already.</summary>
    async Task<FileStream> TakeTurnAsync(string environment, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryLock(DirectoryOf(environment) / "break.lock") is { } turn)
                return turn;
            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public AbsolutePath? FindArtifact(string environment, string digest) => ArtifactsOf(environment).Find(digest);

    internal ArtifactCache ArtifactsOf(string environment) => new(DirectoryOf(environment) / "artifacts");

    internal static FileStreamOptions PrivateOptions(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OnlyMe;
        return options;
    }

    internal static void CreatePrivateDirectory(AbsolutePath directory)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, OnlyMe | UnixFileMode.UserExecute);
    }

    async Task<IDeploymentLock> TakeLockAsync(string environment, LockRequest request, CancellationToken cancellationToken)
    {
        var directory = DirectoryOf(environment);
        CreatePrivateDirectory(directory);
        var start = time.GetTimestamp();
        // At least a second look: whoever only asks for the holder is in the way for a moment.
        for (var tries = 1; ; tries++)
        {
            var highest = HighestToken(environment);
            if (TryLock(directory / "lock") is { } held && await SettleInAsync(environment, request, held, highest, cancellationToken) is { } taken)
                return taken;
            if (tries > 2 && time.GetElapsedTime(start) >= request.Wait)
                throw Busy(environment);
            if (tries == 3)
                request.OnWaiting?.Invoke(ReadLock(environment).Holder);
            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    /// <returns>The lock; null when the file that was locked is not the lock any more, because somebody broke the lock in that moment.</returns>
    async Task<IDeploymentLock?> SettleInAsync(string environment, LockRequest request, FileStream held, long highest, CancellationToken cancellationToken)
    {
        var directory = DirectoryOf(environment);
        FileStream? journal = null;
        try
        {
            using var turn = await TakeTurnAsync(environment, cancellationToken);
            if (HighestToken(environment) != highest)
            {
                await held.DisposeAsync();
                return null;
            }

            var file = JournalOf(environment);
            var isNew = !file.FileExists();
            journal = FileDeploymentLock.OpenJournal(file);
            if (isNew)
                AtomicFile.FlushDirectory(directory);
            var (entries, length) = JournalText.Read(await ReadAllAsync(journal, cancellationToken), file);
            journal.SetLength(length);
            journal.Position = length;

            // Written before the lock is handed out: a token that any platform may have seen is never given again.
            var token = Math.Max(ReadLock(environment).Token, entries.IsEmpty ? 0 : entries[^1].Token) + 1;
            var holder = new LockHolder(request.User, request.Host, request.ProcessId, time.GetUtcNow(), request.Command);
            AtomicFile.Write(directory / "holder.json", JsonSerializer.Serialize(new LockRecord(token, holder)), OnlyMe);
            return new FileDeploymentLock(this, environment, held, journal, entries.Length, new FencingToken(token), time);
        }
        catch
        {
            if (journal is not null)
                await journal.DisposeAsync();
            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>The highest token that was ever given.</summary>
    internal long HighestToken(string environment) => ReadLock(environment).Token;

    void Writing(string environment, Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(environment, exception);
        }
    }

    UserErrorException Unwritable(string environment, Exception exception) => new(
        $"The state of deployments in {DirectoryOf(environment)} cannot be written: {exception.Message}",
        "Nothing was changed. Make the directory writable, or name another one in FAIRLEAD_STATE.",
        exception);

    AbsolutePath RequestOf(string environment) => DirectoryOf(environment) / "request.json";

    AbsolutePath JournalOf(string environment) => DirectoryOf(environment) / "journal.jsonl";

    internal static FileStream? TryLock(AbsolutePath file)
    {
        try
        {
            // The system's own lock: it is gone the moment its process is.
            return new FileStream(file, PrivateOptions(FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException exception) when (exception.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation)
        {
            return null;
        }
    }

    UserErrorException Busy(string environment) => new(
        ReadLock(environment).Holder is { } holder
            ? $"Somebody else is changing {environment} of {application}: {holder}."
            : $"Somebody else is changing {environment} of {application}.",
        $"Wait until they are done. The lock goes with its process: if that hangs, stop it, or take the lock with ':unlock {environment} --reason WHY', and run this again; what it began is continued or undone.");

    LockRecord ReadLock(string environment)
    {
        try
        {
            var file = DirectoryOf(environment) / "holder.json";
            return file.FileExists() ? JsonSerializer.Deserialize<LockRecord>(file.ReadAllText())! : new LockRecord(0, null);
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            // Only names people and repeats the journal's last token.
            return new LockRecord(0, null);
        }
    }

    static async Task<byte[]> ReadSharedAsync(AbsolutePath file, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return await ReadAllAsync(stream, cancellationToken);
    }

    static async Task<byte[]> ReadAllAsync(FileStream stream, CancellationToken cancellationToken)
    {
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory, cancellationToken);
        return memory.ToArray();
    }

    sealed record LockRecord(long Token, LockHolder? Holder);
}
