namespace Fairlead.Deployment;

/// <summary>What came out of a check.</summary>
/// <param name="Check">The check.</param>
/// <param name="HasPassed">Whether what it looks for is so.</param>
/// <param name="Detail">One line of what it saw, without secrets.</param>
/// <param name="Duration">How long it took, all attempts together.</param>
/// <param name="Attempts">How often it was tried.</param>
public sealed record CheckOutcome(string Check, bool HasPassed, string Detail, TimeSpan Duration, int Attempts);
