namespace Fairlead.Announcements;

/// <summary>How one channel fared.</summary>
/// <param name="Channel">The name of the channel.</param>
/// <param name="Error">Why it was not sent; null when it was.</param>
public sealed record AnnouncementOutcome(string Channel, string? Error)
{
    /// <summary>Whether the announcement was sent.</summary>
    public bool IsSent => Error is null;
}
