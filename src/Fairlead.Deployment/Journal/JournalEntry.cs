using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>One line of an environment's journal.</summary>
/// <param name="Sequence">Counts from 1 without gaps.</param>
/// <param name="At">When, in UTC.</param>
/// <param name="Token">The fencing token of the lock that it was written under.</param>
/// <param name="Event">What.</param>
public sealed record JournalEntry(long Sequence, DateTimeOffset At, long Token, JournalEvent Event)
{
    /// <summary>How far the entry comes after its time; null for one that was written when it happened.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JournalDelay? Delay { get; init; }
}
