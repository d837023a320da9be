namespace Fairlead.Deployment;

/// <summary>Days on which nothing is deployed.</summary>
/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
/// <param name="Reason">Why, for the message; null: nothing is said.</param>
public sealed record Freeze(DateOnly From, DateOnly To, string? Reason);
