namespace Fairlead.Deployment;

/// <summary>What came out when a copy was restored beside, to prove that it can be.</summary>
/// <param name="At">When it was tried, in UTC.</param>
/// <param name="Passed">Whether everything was there.</param>
/// <param name="Message">What was found, as a sentence.</param>
public sealed record BackupDrill(DateTimeOffset At, bool Passed, string Message);
