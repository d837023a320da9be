namespace Fairlead.Tooling;

/// <summary>
/// Something the user can understand and mend. Shown as its message and what to do next, never with a stack trace.
/// </summary>
public class UserErrorException : Exception
{
    /// <param name="message">What happened, and where. A whole sentence.</param>
    /// <param name="remedy">What to do next, as an instruction; null when the message says it.</param>
    /// <param name="innerException">The cause, for the log at verbose level.</param>
    public UserErrorException(string message, string? remedy = null, Exception? innerException = null)
        : base(message, innerException) => Remedy = remedy;

    /// <summary>What to do next, or null.</summary>
    public string? Remedy { get; }

    /// <summary>The exit code of a command that ends with this error. 1 unless set.</summary>
    public int ExitCode { get; init; } = 1;

    /// <summary>The message and the remedy, as shown to the user.</summary>
    public virtual string Display => Remedy is null ? Message : $"{Message}{Environment.NewLine}  → {Remedy}";
}
