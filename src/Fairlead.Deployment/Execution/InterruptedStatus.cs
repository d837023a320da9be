namespace Fairlead.Deployment;

/// <summary>An operation that has begun and not ended.</summary>
/// <param name="Kind">What it was to do.</param>
/// <param name="Version">The version that was to become live; null for <see cref="OperationKind.Down"/>.</param>
/// <param name="Since">When it began, in UTC.</param>
/// <param name="By">Who began it.</param>
/// <param name="LastStep">The last step that was begun, or null.</param>
/// <param name="Next">What the next command would do about it, as a whole sentence.</param>
public sealed record InterruptedStatus(OperationKind Kind, string? Version, DateTimeOffset Since, string By, string? LastStep, string Next)
{
    /// <summary>Whether somebody has asked it to stay where it is.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Whether it waits for somebody's consent: then nothing was changed yet.</summary>
    public bool IsWaiting { get; init; }
}
