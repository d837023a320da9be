using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>The lock of a <see cref="FileDeploymentStore"/>.</summary>
sealed class FileDeploymentLock(
    FileDeploymentStore store, string environment, FileStream held, FileStream journal, long lastSequence, FencingToken token, TimeProvider time)
    : IDeploymentLock
{
    readonly Lock _gate = new();
    long _sequence = lastSequence;
    long _length = journal.Length;

    public FencingToken Token => token;

    public Task AppendAsync(JournalEvent journalEvent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ThrowIfFencedOff();
            var line = JournalText.Line(new JournalEntry(_sequence + 1, time.GetUtcNow(), token.Value, journalEvent));
            // After an append that failed half-way (a full disk), its rest is written over.
            journal.SetLength(_length);
            journal.Position = _length;
            try
            {
                journal.Write(line);
                journal.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                TakeBack();
                throw;
            }

            _length += line.Length;
            _sequence++;
            // Whoever breaks the lock raises the token first and copies the journal then: with the old token still there, the copy has this line.
            ThrowIfFencedOff();
        }

        return Task.CompletedTask;
    }

    /// <summary>Opens a journal without a buffer: what could not be written must not be written later, when nobody expects it any more.</summary>
    public static FileStream OpenJournal(AbsolutePath file)
    {
        var options = FileDeploymentStore.PrivateOptions(FileMode.OpenOrCreate, FileShare.ReadWrite);
        options.BufferSize = 0;
        return new FileStream(file, options);
    }

    public Task KeepArtifactAsync(string digest, AbsolutePath file, CancellationToken cancellationToken) =>
        store.ArtifactsOf(environment).KeepAsync(digest, file, cancellationToken);

    public Task PruneArtifactsAsync(IReadOnlySet<string> keep, CancellationToken cancellationToken)
    {
        store.ArtifactsOf(environment).Prune(keep);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await journal.DisposeAsync();
        }
        catch (IOException)
        {
            // All that counts was flushed when it was appended, or its caller was told.
        }
        finally
        {
            await held.DisposeAsync();
        }
    }

    void ThrowIfFencedOff()
    {
        if (store.HighestToken(environment) is var highest && highest > token.Value)
            throw new FencedOffException(token, new FencingToken(highest));
    }

    void TakeBack()
    {
        try
        {
            journal.SetLength(_length);
        }
        catch (IOException)
        {
            // The next append tries again.
        }
    }
}
