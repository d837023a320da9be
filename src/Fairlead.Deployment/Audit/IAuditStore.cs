namespace Fairlead.Deployment;

/// <summary>Keeps the bytes of one application's audit log. What they mean <see cref="AuditLog"/> knows.</summary>
public interface IAuditStore
{
    /// <summary>Where it is, for messages.</summary>
    string Display { get; }

    /// <summary>Everything that is there; empty before the first record.</summary>
    /// <exception cref="IOException">It cannot be reached.</exception>
    Task<AuditContent> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Adds lines after the whole ones; a last one that is not whole is written over. When this returns true, they survive a power cut.</summary>
    /// <param name="seen">What was there when the lines were made.</param>
    /// <param name="wholeLength">How many bytes of that are whole lines.</param>
    /// <param name="lines">Whole lines.</param>
    /// <param name="cancellationToken">Stops before anything is written.</param>
    /// <returns>Whether they were written; false when somebody else has written meanwhile.</returns>
    /// <exception cref="IOException">It cannot be written or reached.</exception>
    Task<bool> AppendAsync(AuditContent seen, int wholeLength, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken);

    /// <summary>Puts something else in place of everything, whole or not at all.</summary>
    /// <param name="seen">What was there when it was made.</param>
    /// <param name="content">What is to be there.</param>
    /// <param name="cancellationToken">Stops before anything is written.</param>
    /// <returns>Whether it was written; false when somebody else has written meanwhile.</returns>
    /// <exception cref="IOException">It cannot be written or reached, or never forgets what was written.</exception>
    Task<bool> ReplaceAsync(AuditContent seen, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);
}
