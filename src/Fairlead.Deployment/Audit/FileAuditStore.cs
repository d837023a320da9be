using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Keeps an audit log in a directory, in the file <c>log</c>, appended to and flushed. Only this user can read it.</summary>
/// <param name="directory">The directory; made when the first record is written.</param>
/// <param name="time">The clock.</param>
public sealed class FileAuditStore(AbsolutePath directory, TimeProvider time) : IAuditStore
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public string Display => directory;

    AbsolutePath LogFile => directory / "log";

    /// <inheritdoc/>
    public async Task<AuditContent> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new AuditContent(LogFile.FileExists() ? await ReadFileAsync(cancellationToken) : ReadOnlyMemory<byte>.Empty);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public Task<bool> AppendAsync(AuditContent seen, int wholeLength, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken) => ChangeAsync(
        seen,
        async () =>
        {
            var isNew = !LogFile.FileExists();
            await using (var file = FileDeploymentLock.OpenJournal(LogFile))
            {
                file.SetLength(wholeLength);
                file.Position = wholeLength;
                try
                {
                    await file.WriteAsync(lines, CancellationToken.None);
                    file.Flush(flushToDisk: true);
                }
                catch (IOException)
                {
                    file.SetLength(wholeLength);
                    throw;
                }
            }

            if (isNew)
                AtomicFile.FlushDirectory(directory);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ReplaceAsync(AuditContent seen, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => ChangeAsync(
        seen,
        () =>
        {
            AtomicFile.Write(LogFile, content.Span, FileDeploymentStore.OnlyMe);
            return Task.CompletedTask;
        },
        cancellationToken);

    /// <summary>One after the other, also between processes: commands on two environments of one application may end in the same moment.</summary>
    async Task<bool> ChangeAsync(AuditContent seen, Func<Task> change, CancellationToken cancellationToken)
    {
        try
        {
            FileDeploymentStore.CreatePrivateDirectory(directory);
            await using var turn = await TakeTurnAsync(cancellationToken);
            if (!(await ReadAsync(cancellationToken)).Bytes.Span.SequenceEqual(seen.Bytes.Span))
                return false;
            await change();
            return true;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    async Task<FileStream> TakeTurnAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (FileDeploymentStore.TryLock(directory / "lock") is { } turn)
                return turn;
            if (time.GetElapsedTime(start) >= Patience)
                throw new IOException($"Another command writes into {directory} and does not end.");
            await Task.Delay(FileDeploymentStore.PollInterval, time, cancellationToken);
        }
    }

    async Task<byte[]> ReadFileAsync(CancellationToken cancellationToken)
    {
        await using var file = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var memory = new MemoryStream();
        await file.CopyToAsync(memory, cancellationToken);
        return memory.ToArray();
    }
}
