using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Keeps journal and lock of one application's environments in a git repository, so that machines without anything else in common deploy
/// one after the other: refs <c>refs/fairlead/&lt;environment&gt;/lock</c>, <c>/journal</c> and <c>/request</c>, moved by pushes that only
/// succeed where the ref still is where it was seen.
/// </summary>
/// <remarks>
/// <para>
/// The holder of the lock gives a sign of life three times in a lease, and with each append. Who waits takes the lock when its ref has not
/// moved for the length of the lease, measured by its own monotonic clock: the clocks of two machines are never compared. A holder whose
/// command has died on this machine is noticed at once, by the system's own lock.
/// </para>
/// <para>
/// Artifacts are not in the repository but in the state directory: <see cref="FindArtifact"/> tells of those that were deployed from this
/// machine. A machine without the artifacts of the last releases can roll back to what still runs, and to nothing else.
/// </para>
/// </remarks>
public sealed class GitDeploymentStore : IDeploymentStore, IDisposable
{
    /// <summary>How the journal's commits begin that only say that somebody has taken the lock.</summary>
    const string Mark = "taken ";

    static readonly TimeSpan RaceAgain = TimeSpan.FromMilliseconds(50);

    readonly AbsolutePath _directory;
    readonly string _application;
    readonly GitStoreOptions _options;
    readonly TimeProvider _time;
    readonly Action<string>? _onNotice;
    readonly GitRemote _remote;
    readonly ConcurrentDictionary<string, IHeldGitLock> _held = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, (string Tip, ImmutableArray<JournalEntry> Entries)> _read = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, (long At, OperatorRequest? Request)> _requests = new(StringComparer.Ordinal);

    /// <param name="root">The state directory; see <see cref="FileDeploymentStore.DefaultRoot"/>.</param>
    /// <param name="application">The application's name.</param>
    /// <param name="options">Where the repository is.</param>
    /// <param name="processes">
    /// Starts git. It must have a redactor of its own, without secrets: a journal in which a word was replaced is damaged. What this class says to
    /// people names no credentials.
    /// </param>
    /// <param name="time">The clock.</param>
    /// <param name="onNotice">Told what the user should know although nothing failed: that what is shown may be old.</param>
    public GitDeploymentStore(AbsolutePath root, string application, GitStoreOptions options, IProcessRunner processes, TimeProvider time, Action<string>? onNotice = null)
    {
        (_directory, _application, _options, _time, _onNotice) = (root / application, application, options, time, onNotice);
        _remote = new GitRemote(processes, _directory, options, time);
    }

    /// <summary>What this machine keeps of an environment: its artifacts, and what a local platform needs.</summary>
    public AbsolutePath DirectoryOf(string environment) => _directory / environment;

    /// <inheritdoc/>
    /// <remarks>With the repository out of reach, what was last heard of it, and a notice.</remarks>
    public async Task<ImmutableArray<JournalEntry>> ReadJournalAsync(string environment, CancellationToken cancellationToken)
    {
        if (_held.TryGetValue(environment, out var held) && held.Journal is { } journal)
            return journal;
        var refs = await LookOrRecallAsync(environment, cancellationToken);
        return await ReadJournalAsync(environment, refs.Journal, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>A holder that died on another machine is named until its lease is over and somebody else takes the lock.</remarks>
    public async Task<LockHolder?> FindHolderAsync(string environment, CancellationToken cancellationToken)
    {
        var record = await ReadLockAsync(environment, (await LookOrRecallAsync(environment, cancellationToken)).Lock, cancellationToken);
        return record.Holder is not null && record.Place == PlaceOf(environment) && !IsLocalLockHeld(environment) ? null : record.Holder;
    }

    /// <inheritdoc/>
    public async Task<IDeploymentLock> LockAsync(string environment, LockRequest request, CancellationToken cancellationToken)
    {
        try
        {
            FileDeploymentStore.CreatePrivateDirectory(DirectoryOf(environment));
            var start = _time.GetTimestamp();
            var local = await TakeLocalLockAsync(environment, request, start, cancellationToken);
            try
            {
                return await TakeLockAsync(environment, request, start, local, cancellationToken);
            }
            catch (Exception exception)
            {
                if (exception is RemoteUnreachableException unreachable && request.AllowOffline)
                    return await GoOfflineAsync(environment, local, unreachable, cancellationToken);
                await local.DisposeAsync();
                throw;
            }
        }
        catch (RemoteUnreachableException exception)
        {
            throw OutOfReach(environment, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"The state of deployments in {DirectoryOf(environment)} cannot be written: {exception.Message}",
                "Nothing was changed. Make the directory writable, or name another one in FAIRLEAD_STATE.",
                exception);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> RequestAsync(string environment, OperatorAction action, string by, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var refs = await _remote.LookAsync(environment, _options.Patience, cancellationToken);
                var record = await ReadLockAsync(environment, refs.Lock, cancellationToken);
                if (record.Holder is null || (record.Place == PlaceOf(environment) && !IsLocalLockHeld(environment)))
                    return false;
                var request = new OperatorRequest(Guid.NewGuid().ToString("N"), record.Token, action, by, _time.GetUtcNow());
                var commit = await _remote.WriteAsync(JsonSerializer.Serialize(request), refs.Request);
                if (await _remote.MoveAsync(environment, [new RefUpdate(RemoteRefs.RequestOf(environment), refs.Request, commit)], _options.Patience, cancellationToken) is null)
                    return true;
            }
        }
        catch (RemoteUnreachableException exception)
        {
            throw OutOfReach(environment, exception);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Looks at most once in <see cref="GitStoreOptions.RequestInterval"/>; in between the answer is the last one.</remarks>
    public async Task<OperatorRequest?> ReadRequestAsync(string environment, CancellationToken cancellationToken)
    {
        if (_requests.TryGetValue(environment, out var last) && _time.GetElapsedTime(last.At) < _options.RequestInterval)
            return last.Request;
        _requests[environment] = (_time.GetTimestamp(), last.Request);
        var refs = await _remote.LookAsync(environment, _options.Patience, cancellationToken);
        OperatorRequest? request = null;
        try
        {
            if (refs.Request is { } commit)
                request = JsonSerializer.Deserialize<OperatorRequest>(await _remote.ReadAsync(environment, commit, cancellationToken));
        }
        catch (JsonException)
        {
            // Of a newer version.
        }

        _requests[environment] = (_time.GetTimestamp(), request);
        return request;
    }

    /// <inheritdoc/>
    public async Task<LockHolder?> BreakLockAsync(string environment, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var refs = await _remote.LookAsync(environment, _options.Patience, cancellationToken);
                var record = await ReadLockAsync(environment, refs.Lock, cancellationToken);
                if (record.Holder is not { } holder)
                    return null;
                var free = record with { Token = record.Token + 1, Holder = null, Nonce = Guid.NewGuid().ToString("N"), Beat = 0 };
                var commit = await _remote.WriteAsync(free.Write(), refs.Lock);
                if (await _remote.MoveAsync(environment, [new RefUpdate(RemoteRefs.LockOf(environment), refs.Lock, commit)], _options.Patience, cancellationToken) is not null)
                    continue;
                // A command that hangs on this machine has the system's lock too: the next ones get another file.
                if (record.Place == PlaceOf(environment))
                    AtomicFile.Write(LocalLockOf(environment), "", FileDeploymentStore.OnlyMe);
                return holder;
            }
        }
        catch (RemoteUnreachableException exception)
        {
            throw OutOfReach(environment, exception);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Artifacts that were deployed from this machine.</remarks>
    public AbsolutePath? FindArtifact(string environment, string digest) => ArtifactsOf(environment).Find(digest);

    /// <inheritdoc/>
    public void Dispose() => _remote.Dispose();

    async Task<FileStream> TakeLocalLockAsync(string environment, LockRequest request, long start, CancellationToken cancellationToken)
    {
        FileStream? held;
        for (var tries = 1; (held = FileDeploymentStore.TryLock(LocalLockOf(environment))) is null; tries++)
        {
            if (tries > 2 && _time.GetElapsedTime(start) >= request.Wait)
                throw Busy(environment, await HolderNowAsync());
            if (tries == 3)
                request.OnWaiting?.Invoke(await HolderNowAsync());
            await Task.Delay(FileDeploymentStore.PollInterval, _time, cancellationToken);
        }

        return held;

        async Task<LockHolder?> HolderNowAsync() => (await ReadLockAsync(environment, (await LookOrRecallAsync(environment, cancellationToken)).Lock, cancellationToken)).Holder;
    }

    async Task<IDeploymentLock> TakeLockAsync(string environment, LockRequest request, long start, FileStream local, CancellationToken cancellationToken)
    {
        (string? Tip, long Since)? seen = null;
        long? silentSince = null;
        var isTold = false;
        while (true)
        {
            RemoteRefs refs;
            var before = _time.GetTimestamp();
            try
            {
                refs = await _remote.LookAsync(environment, _options.Patience, cancellationToken);
                silentSince = null;
            }
            catch (RemoteUnreachableException)
            {
                silentSince ??= before;
                if (_time.GetElapsedTime(silentSince.Value) >= _options.Patience)
                    throw;
                await Task.Delay(GitRemote.Jittered(_options.PollInterval / 2), _time, cancellationToken);
                continue;
            }

            var record = await ReadLockAsync(environment, refs.Lock, cancellationToken);
            if (seen?.Tip != refs.Lock || seen is null)
                seen = (refs.Lock, _time.GetTimestamp());
            // The lock of this machine is ours: a holder on this machine that has not let go is dead.
            var isDead = record.Place == PlaceOf(environment) || _time.GetElapsedTime(seen.Value.Since, before) >= record.Lease;
            if (record.Holder is null || isDead)
            {
                if (await TryTakeAsync(environment, request, refs, record, local, cancellationToken) is { } taken)
                    return taken;
                await Task.Delay(GitRemote.Jittered(RaceAgain), _time, cancellationToken);
                continue;
            }

            if (_time.GetElapsedTime(start) >= request.Wait)
                throw Busy(environment, record.Holder);
            if (!isTold)
                request.OnWaiting?.Invoke(record.Holder);
            isTold = true;
            await Task.Delay(GitRemote.Jittered(_options.PollInterval), _time, cancellationToken);
        }
    }

    async Task<IDeploymentLock?> TryTakeAsync(
        string environment, LockRequest request, RemoteRefs refs, LockRecord record, FileStream local, CancellationToken cancellationToken)
    {
        var journal = await ReadJournalAsync(environment, refs.Journal, cancellationToken);
        var token = Math.Max(await HighestKnownAsync(environment, refs, record, cancellationToken), journal.IsEmpty ? 0 : journal[^1].Token) + 1;
        var mine = new LockRecord(
            token,
            new LockHolder(request.User, request.Host, request.ProcessId, _time.GetUtcNow(), request.Command),
            _options.Lease.TotalSeconds,
            Guid.NewGuid().ToString("N"),
            0,
            PlaceOf(environment));
        var tip = await _remote.WriteAsync(mine.Write(), refs.Lock);
        // The journal is moved too, by a mark that is no entry: where a repository moves refs one by one, an append of the last holder that is still
        // under way then finds it elsewhere. Not cancelled half-way: a lock that nobody knows of would stay for its lease.
        var mark = await _remote.WriteAsync($"{Mark}{token}", refs.Journal);
        var moved = await _remote.MoveAsync(
            environment, [new RefUpdate(RemoteRefs.LockOf(environment), refs.Lock, tip), MoveJournal(refs.Journal)], _options.Patience, CancellationToken.None);
        while (moved is not null && moved.Lock == tip)
        {
            mark = await _remote.WriteAsync($"{Mark}{token}", moved.Journal);
            moved = await _remote.MoveAsync(environment, [MoveJournal(moved.Journal)], _options.Patience, CancellationToken.None);
        }

        if (moved is not null)
            return null;
        journal = await ReadJournalAsync(environment, mark, CancellationToken.None);
        var held = new GitDeploymentLock(
            _remote, environment, _options, mine, tip, mark, journal, new PendingEntries(DirectoryOf(environment)), ArtifactsOf(environment), local, _time, x => _held.TryRemove(x, out _));
        try
        {
            await held.CatchUpAsync();
        }
        catch (Exception exception)
        {
            await held.DisposeAsync();
            if (exception is IOException unreachable)
                throw OutOfReach(environment, unreachable);
            throw;
        }

        _held[environment] = held;
        return held;

        RefUpdate MoveJournal(string? from) => new(RemoteRefs.JournalOf(environment), from, mark);
    }

    async Task<IDeploymentLock> GoOfflineAsync(string environment, FileStream local, RemoteUnreachableException exception, CancellationToken cancellationToken)
    {
        try
        {
            var refs = await _remote.RecallAsync(environment, cancellationToken);
            var record = await ReadLockAsync(environment, refs.Lock, cancellationToken);
            var journal = await ReadJournalAsync(environment, refs.Journal, cancellationToken);
            var pending = new PendingEntries(DirectoryOf(environment));
            var kept = pending.Read().GetValueOrDefault(journal.Length, []);
            var token = Math.Max(await HighestKnownAsync(environment, refs, record, cancellationToken), journal.IsEmpty ? 0 : journal[^1].Token) + 1;
            // Written before the lock is handed out: the next one on this machine that reaches the store must have a higher one.
            AtomicFile.Write(OfflineOf(environment), JsonSerializer.Serialize(token), FileDeploymentStore.OnlyMe);
            Tell($"The store {_remote.Display} is out of reach ({exception.Message}). What this machine last knew of it counts, and only traffic is given back.");
            var held = new OfflineDeploymentLock(
                environment, new FencingToken(token), journal, pending, kept, ArtifactsOf(environment), local, _time, x => _held.TryRemove(x, out _));
            _held[environment] = held;
            return held;
        }
        catch
        {
            await local.DisposeAsync();
            throw;
        }
    }

    /// <summary>The highest token that this machine knows of: also where somebody has deleted the refs, or the store was out of reach.</summary>
    async Task<long> HighestKnownAsync(string environment, RemoteRefs refs, LockRecord record, CancellationToken cancellationToken)
    {
        var highest = record.Token;
        if (refs.Lock is null && (await _remote.RecallAsync(environment, cancellationToken)).Lock is { } former)
            highest = (await ReadLockAsync(environment, former, cancellationToken)).Token;
        return OfflineOf(environment) is var file && file.FileExists() ? Math.Max(highest, JsonSerializer.Deserialize<long>(file.ReadAllText())) : highest;
    }

    async Task<RemoteRefs> LookOrRecallAsync(string environment, CancellationToken cancellationToken)
    {
        try
        {
            return await _remote.LookAsync(environment, _options.Patience, cancellationToken);
        }
        catch (RemoteUnreachableException exception)
        {
            Tell($"The store {_remote.Display} is out of reach ({exception.Message}). What was last known of it is shown.");
            return await _remote.RecallAsync(environment, cancellationToken);
        }
    }

    /// <summary>Once for the same: several things are read for one answer.</summary>
    void Tell(string notice)
    {
        if (_told.TryAdd(notice, true))
            _onNotice?.Invoke(notice);
    }

    async Task<LockRecord> ReadLockAsync(string environment, string? commit, CancellationToken cancellationToken) =>
        commit is null ? LockRecord.Never : LockRecord.Read(await _remote.ReadAsync(environment, commit, cancellationToken), RemoteRefs.LockOf(environment));

    async Task<ImmutableArray<JournalEntry>> ReadJournalAsync(string environment, string? tip, CancellationToken cancellationToken)
    {
        if (tip is null)
            return [];
        if (_read.TryGetValue(environment, out var last) && last.Tip == tip)
            return last.Entries;
        var name = $"{RemoteRefs.JournalOf(environment)} of {_remote.Display}";
        var lines = (await _remote.ReadChainAsync(environment, tip, cancellationToken)).Split('\n').Where(x => x.Length > 0 && !x.StartsWith(Mark, StringComparison.Ordinal));
        var text = Encoding.UTF8.GetBytes(string.Concat(lines.Select(x => $"{x}\n")));
        var (entries, length) = JournalText.Read(text, name);
        // A commit is whole or not there: nothing of it is ever torn.
        if (length != text.Length)
            throw new UserErrorException($"The journal {name} is damaged in its last entry.", "Move its ref back by one commit with 'git push --force', or away: what runs goes on serving.");
        _read[environment] = (tip, entries);
        return entries;
    }

    ArtifactCache ArtifactsOf(string environment) => new(DirectoryOf(environment) / "artifacts");

    AbsolutePath LocalLockOf(string environment) => DirectoryOf(environment) / "git.lock";

    AbsolutePath OfflineOf(string environment) => DirectoryOf(environment) / "offline.json";

    bool IsLocalLockHeld(string environment)
    {
        if (!DirectoryOf(environment).DirectoryExists())
            return false;
        using var probe = FileDeploymentStore.TryLock(LocalLockOf(environment));
        return probe is null;
    }

    /// <summary>
    /// Names this state directory on this machine, as long as it runs. A directory that was copied to another machine, or restored there from
    /// a CI system's cache, is another place.
    /// </summary>
    string PlaceOf(string environment)
    {
        const string BootId = "/proc/sys/kernel/random/boot_id";
        var file = DirectoryOf(environment) / "place";
        FileDeploymentStore.CreatePrivateDirectory(DirectoryOf(environment));
        if (!file.FileExists())
            AtomicFile.Write(file, Guid.NewGuid().ToString("N"), FileDeploymentStore.OnlyMe);
        var boot = File.Exists(BootId) ? File.ReadAllText(BootId).Trim() : "";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{file.ReadAllText()} {Environment.MachineName} {boot}")))[..16];
    }

    UserErrorException Busy(string environment, LockHolder? holder) => new(
        holder is null ? $"Somebody else is changing {environment} of {_application}." : $"Somebody else is changing {environment} of {_application}: {holder}.",
        $"Wait until they are done. When that command has died, its lock ends by itself after {_options.Lease.TotalSeconds:0.#} s without a sign of life; if it hangs, stop it, or take the lock with ':unlock {environment} --reason WHY', and run this again; what it began is continued or undone.");

    UserErrorException OutOfReach(string environment, IOException exception) => new(
        $"The store of the deployments to {environment}, {_remote.Display}, is out of reach: {exception.Message}",
        $"Nothing was changed. Check the network and the right to push to {RemoteRefs.AllOf(environment)} there. What runs goes on serving; ':rollback {environment}' gives traffic back also without the store.",
        exception);
}
