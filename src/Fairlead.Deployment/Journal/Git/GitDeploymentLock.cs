using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// The lock of a <see cref="GitDeploymentStore"/>. Each append moves the journal's ref and the lock's together, each from where this holder
/// left it: who has lost the lock cannot append, and an append is a sign of life. In between, a timer gives signs of life.
/// </summary>
sealed class GitDeploymentLock : IHeldGitLock
{
    const int BeatsPerLease = 3;

    static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);

    readonly GitRemote _remote;
    readonly string _environment;
    readonly GitStoreOptions _options;
    readonly PendingEntries _pending;
    readonly ArtifactCache _artifacts;
    readonly FileStream _local;
    readonly TimeProvider _time;
    readonly Action<string> _onDisposed;
    readonly SemaphoreSlim _gate = new(1);
    readonly ITimer _timer;
    readonly TimeSpan _interval;
    LockRecord _record;
    string _lockTip;
    string? _journalTip;
    volatile Entries _entries;
    readonly List<Attempt> _attempts = [];
    long _beatAt;
    FencedOffException? _fencedOff;
    string? _outOfReach;
    bool _isDisposed;
    Task _beat = Task.CompletedTask;

    public GitDeploymentLock(
        GitRemote remote, string environment, GitStoreOptions options, LockRecord record, string lockTip, string? journalTip, ImmutableArray<JournalEntry> journal,
        PendingEntries pending, ArtifactCache artifacts, FileStream local, TimeProvider time, Action<string> onDisposed)
    {
        (_remote, _environment, _options, _record, _lockTip, _journalTip) = (remote, environment, options, record, lockTip, journalTip);
        (_pending, _artifacts, _local, _time, _onDisposed) = (pending, artifacts, local, time, onDisposed);
        _entries = new Entries([.. journal], []);
        _beatAt = time.GetTimestamp();
        _interval = options.Lease / BeatsPerLease;
        _timer = time.CreateTimer(_ => Beat(), null, _interval, _interval);
    }

    public FencingToken Token => new(_record.Token);

    public ImmutableArray<JournalEntry>? Journal => _fencedOff is null && _entries is var x ? [.. x.Written, .. x.Kept] : null;

    public async Task AppendAsync(JournalEvent journalEvent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // From here on it is not cancelled: it would be unknown what was written.
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            // Traffic that is to be given back must not wait once more at every step; the timer finds out when the store is back.
            if (_outOfReach is { } why)
                throw OutOfReach(why);
            await WriteAsync([NewEntry(journalEvent)], _record.Holder, _options.Patience);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes into the journal what earlier commands on this machine could not.</summary>
    public async Task CatchUpAsync()
    {
        var kept = _pending.Read();
        if (kept.IsEmpty)
            return;
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            // Others who have written since did so from what they saw on the platform, after what is late now.
            var late = kept.SelectMany(x => x.Value.Select(y => y with { Delay = x.Key == _entries.Written.Count ? JournalDelay.Late : JournalDelay.Superseded }));
            await WriteAsync([.. late], _record.Holder, _options.Patience);
            _pending.Clear();
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task KeepForLaterAsync(JournalEvent journalEvent)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            var entry = NewEntry(journalEvent) with { Delay = JournalDelay.Late };
            _pending.Add(_entries.Written.Count, entry);
            _entries = _entries with { Kept = _entries.Kept.Add(entry with { Sequence = _entries.Written.Count + _entries.Kept.Count + 1 }) };
        }
        finally
        {
            _gate.Release();
        }
    }

    public Task KeepArtifactAsync(string digest, AbsolutePath file, CancellationToken cancellationToken) => _artifacts.KeepAsync(digest, file, cancellationToken);

    public Task PruneArtifactsAsync(IReadOnlySet<string> keep, CancellationToken cancellationToken)
    {
        _artifacts.Prune(keep);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        await _timer.DisposeAsync();
        await _beat;
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            if (_fencedOff is null)
                await WriteAsync([], holder: null, _outOfReach is null ? _options.Patience : LastWord);
            await _remote.TidyAsync();
        }
        catch (Exception exception) when (exception is IOException or UserErrorException)
        {
            // The lease ends by itself. On this machine the next one sees by the system's lock that nobody holds it.
        }
        finally
        {
            _onDisposed(_environment);
            await _local.DisposeAsync();
            _gate.Dispose();
        }
    }

    void Beat()
    {
        if (_beat.IsCompleted)
            _beat = BeatAsync();
    }

    async Task BeatAsync()
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            if (_fencedOff is null && _time.GetElapsedTime(_beatAt) >= _interval / 2)
                await WriteAsync([], _record.Holder, _interval < _options.Patience ? _interval : _options.Patience);
        }
        catch (Exception exception) when (exception is IOException or UserErrorException)
        {
            // The next append says so.
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Moves the lock's ref, and the journal's when there are entries: those that this lock could not write before come first.</summary>
    async Task WriteAsync(ImmutableArray<JournalEntry> entries, LockHolder? holder, TimeSpan patience)
    {
        if (_fencedOff is { } lost)
            throw lost;
        try
        {
            while (true)
            {
                var attempt = await PrepareAsync([.. _entries.Kept, .. entries], holder);
                _attempts.Add(attempt);
                var before = _time.GetTimestamp();
                if (await _remote.MoveAsync(_environment, attempt.Updates(_environment, _lockTip, _journalTip), patience, CancellationToken.None) is not { } refs)
                {
                    Adopt(attempt);
                    _beatAt = before;
                    _outOfReach = null;
                    return;
                }

                // One that was given up may have arrived after all, or where refs are moved one by one its first half: it goes on from there.
                if (_attempts.Find(x => x != attempt && x.LockTip == refs.Lock) is { } former && refs.Journal == former.JournalTip)
                    Adopt(former);
                else if (_attempts.Find(x => x.LockTip == refs.Lock) is { } half && refs.Journal == _journalTip)
                    (_record, _lockTip) = (half.Record, half.LockTip);
                else
                    throw _fencedOff = await FencedOffAsync(refs);
            }
        }
        catch (IOException exception)
        {
            _outOfReach = exception.Message;
            throw OutOfReach(exception.Message);
        }
    }

    async Task<Attempt> PrepareAsync(ImmutableArray<JournalEntry> entries, LockHolder? holder)
    {
        var journalTip = _journalTip;
        var written = _entries.Written;
        foreach (var entry in entries)
        {
            var numbered = entry with { Sequence = written.Count + 1 };
            journalTip = await _remote.WriteAsync(System.Text.Encoding.UTF8.GetString(JournalText.Line(numbered)).TrimEnd('\n'), journalTip);
            written = written.Add(numbered);
        }

        var record = _record with { Beat = _record.Beat + 1, Holder = holder };
        return new Attempt(record, await _remote.WriteAsync(record.Write(), _lockTip), journalTip, written, _entries.Kept.Count);
    }

    void Adopt(Attempt attempt)
    {
        (_record, _lockTip, _journalTip) = (attempt.Record, attempt.LockTip, attempt.JournalTip);
        _attempts.Clear();
        var kept = _entries.Kept.RemoveRange(0, attempt.Kept);
        _entries = new Entries(attempt.Written, kept);
        if (attempt.Kept > 0 && kept.IsEmpty)
            _pending.Clear();
    }

    async Task<FencedOffException> FencedOffAsync(RemoteRefs refs)
    {
        var highest = refs.Lock is null ? LockRecord.Never : LockRecord.Read(await _remote.ReadAsync(_environment, refs.Lock, CancellationToken.None), RemoteRefs.LockOf(_environment));
        return new FencedOffException(Token, new FencingToken(highest.Token));
    }

    JournalEntry NewEntry(JournalEvent journalEvent) => new(0, _time.GetUtcNow(), _record.Token, journalEvent);

    IOException OutOfReach(string why) => new($"The store {_remote.Display} is out of reach: {why}");

    sealed record Entries(ImmutableList<JournalEntry> Written, ImmutableList<JournalEntry> Kept);

    /// <param name="Record">What the lock says then.</param>
    /// <param name="LockTip">Its commit.</param>
    /// <param name="JournalTip">Where the journal ends then.</param>
    /// <param name="Written">What the journal says then.</param>
    /// <param name="Kept">How many of the entries that were kept for later are among them.</param>
    sealed record Attempt(LockRecord Record, string LockTip, string? JournalTip, ImmutableList<JournalEntry> Written, int Kept)
    {
        /// <summary>The lock first: where refs are moved one by one, who cannot move it moves nothing.</summary>
        public ImmutableArray<RefUpdate> Updates(string environment, string lockTip, string? journalTip) => JournalTip == journalTip
            ? [new RefUpdate(RemoteRefs.LockOf(environment), lockTip, LockTip)]
            : [new RefUpdate(RemoteRefs.LockOf(environment), lockTip, LockTip), new RefUpdate(RemoteRefs.JournalOf(environment), journalTip, JournalTip!)];
    }
}
