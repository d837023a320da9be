namespace Fairlead.Deployment;

/// <summary>A rule that kept a release out and was bypassed.</summary>
/// <param name="Rule">Its name: <c>window</c>.</param>
/// <param name="Message">What it said.</param>
public sealed record BypassedRule(string Rule, string Message);
