namespace Fairlead.Deployment;

/// <summary>What became of one approval.</summary>
/// <param name="Counts">Whether it counts.</param>
/// <param name="Line">What to say about it; null: it is about something else.</param>
sealed record JudgedApproval(bool Counts, string? Line);
