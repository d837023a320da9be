using System.Security.Cryptography;
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

    public async Task KeepArtifactAsync(string digest, AbsolutePath file, CancellationToken cancellationToken)
    {
        if (store.FindArtifact(environment, digest) is not null)
            return;
        FileDeploymentStore.CreatePrivateDirectory(store.ArtifactsOf(environment));
        var temporary = store.ArtifactsOf(environment) / $"{Guid.NewGuid():N}.tmp";
        try
        {
            await using (var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read))
            await using (var copy = new FileStream(temporary, FileDeploymentStore.PrivateOptions(FileMode.CreateNew, FileShare.None)))
            {
                await source.CopyToAsync(copy, cancellationToken);
                copy.Flush(flushToDisk: true);
                copy.Position = 0;
                // Hashed as it was written: what is kept is what the digest says, whoever changes the source meanwhile.
                var actual = $"sha256:{Convert.ToHexStringLower(await SHA256.HashDataAsync(copy, cancellationToken))}";
                if (actual != digest)
                    throw new UserErrorException($"The artifact {file} is not the one of the release: its digest is {actual}, and should be {digest}.", "Package the release again, or fetch it again.");
            }

            File.Move(temporary, store.ArtifactOf(environment, digest), overwrite: true);
            AtomicFile.FlushDirectory(store.ArtifactsOf(environment));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException($"The artifact {file} of the release is not there.", "Package the release again, or fetch it again.", exception);
        }
        finally
        {
            temporary.DeleteFile();
        }
    }

    public Task PruneArtifactsAsync(IReadOnlySet<string> keep, CancellationToken cancellationToken)
    {
        var files = keep.Select(x => store.ArtifactOf(environment, x)).ToHashSet();
        foreach (var file in store.ArtifactsOf(environment).GetFiles().Where(x => !files.Contains(x)))
            file.DeleteFile();
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
