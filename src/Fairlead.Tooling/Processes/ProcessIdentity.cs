namespace Fairlead.Tooling;

/// <summary>One process, told from others that have its id before or after it.</summary>
/// <param name="Id">The process id.</param>
/// <param name="StartTime">When it was started, in clock ticks since the machine was.</param>
sealed record ProcessIdentity(int Id, long StartTime);
