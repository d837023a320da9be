namespace Fairlead.Changelog;

/// <summary>Which part of the history is told.</summary>
public abstract record HistoryRange
{
    HistoryRange()
    {
    }

    /// <summary>What no release contains yet.</summary>
    public sealed record Unreleased : HistoryRange;

    /// <summary>Every release, and what none contains yet.</summary>
    public sealed record Everything : HistoryRange;

    /// <summary>One release: all that it contains and none before it does.</summary>
    /// <param name="Name">The tag, or the version.</param>
    public sealed record Release(string Name) : HistoryRange;

    /// <summary>What one revision has and another has not, with the releases between the two.</summary>
    /// <param name="From">The older revision; what it contains is left out.</param>
    /// <param name="To">The newer one; by default what is checked out.</param>
    public sealed record Between(string From, string To = "HEAD") : HistoryRange;
}
