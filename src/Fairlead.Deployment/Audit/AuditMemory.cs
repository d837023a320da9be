using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// The newest checkpoint that this machine has seen signed by a key that is trusted, in a file of its own, written whole or not at all. A log that has not grown out of it was written
/// anew, and is not signed over.
/// </summary>
/// <param name="file">The file; made with the first signed checkpoint.</param>
public sealed class AuditMemory(AbsolutePath file)
{
    /// <summary>Name of the file, in the directory of the log.</summary>
    public const string FileName = "last-checkpoint";

    /// <summary>What is remembered; null: nothing yet.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public AuditRemembered? Read()
    {
        try
        {
            return file.FileExists() ? new AuditRemembered(file, file.ReadAllText()) : null;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <summary>Remembers a checkpoint, unless another command has come further meanwhile.</summary>
    internal void Keep(SignedCheckpoint note)
    {
        if (Read() is { } known && (known.Text == note.ToString() || SignedCheckpoint.Parse(known.Text)?.Checkpoint.Size > note.Checkpoint.Size))
            return;
        try
        {
            FileDeploymentStore.CreatePrivateDirectory(file.Parent);
            AtomicFile.Write(file, note.ToString(), FileDeploymentStore.OnlyMe);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }
}
