namespace Fairlead.Deployment;

/// <summary>What somebody asks of the command that holds an environment's lock.</summary>
/// <param name="Id">Names this request; the same request is acted on once.</param>
/// <param name="Token">The lock that it is meant for: a later holder does not act on it.</param>
/// <param name="Action">What to do.</param>
/// <param name="By">Who asks: <c>user@host</c>.</param>
/// <param name="At">When, in UTC.</param>
public sealed record OperatorRequest(string Id, long Token, OperatorAction Action, string By, DateTimeOffset At);
