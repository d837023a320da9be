namespace Fairlead.Agent;

/// <summary>How long to wait before a replica is started again: 1 s, doubled with each failure, at most 30 s.</summary>
static class Backoff
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <param name="failures">How often it has failed in a row, from 1.</param>
    public static TimeSpan After(int failures) => failures > 5 ? Longest : TimeSpan.FromSeconds(1 << (failures - 1));
}
