namespace Fairlead.Deployment;

/// <summary>Something that a verification has found.</summary>
/// <param name="IsWrong">Whether the log is not what it should be; otherwise it is only to be known.</param>
/// <param name="Message">What, and what it means.</param>
/// <param name="Remedy">What to do; null: nothing.</param>
public sealed record AuditFinding(bool IsWrong, string Message, string? Remedy = null)
{
    /// <inheritdoc/>
    public override string ToString() => Remedy is null ? Message : $"{Message} {Remedy}";
}
