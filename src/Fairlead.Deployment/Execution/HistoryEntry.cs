using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>One operation of an environment's past.</summary>
/// <param name="Kind">What was to be done.</param>
/// <param name="Version">The version that was to become live; null for <see cref="OperationKind.Down"/>.</param>
/// <param name="Commit">The commit of that release; null for <see cref="OperationKind.Down"/>.</param>
/// <param name="By">Who: <c>user@host</c>.</param>
/// <param name="Since">When it began, in UTC.</param>
/// <param name="Until">When it ended, in UTC; null while it has not.</param>
/// <param name="Result">How it ended; null while it has not.</param>
/// <param name="Reason">Why it was taken back; null when it was not.</param>
/// <param name="LastStep">Id of the last step that was begun, on the way forward; null before the first.</param>
/// <param name="Notes">Verdicts and what operators did, in their order, each one line or several.</param>
public sealed record HistoryEntry(
    OperationKind Kind, string? Version, string? Commit, string By, DateTimeOffset Since, DateTimeOffset? Until, OperationResult? Result, string? Reason, string? LastStep, ImmutableArray<string> Notes)
{
    /// <summary>Whether it did nothing but wait for consent.</summary>
    public bool IsWaiting { get; init; }

    /// <summary>The entry as one line and, below it, its notes.</summary>
    public override string ToString() => HistoryText.Render(this);
}
