namespace Fairlead.Deployment;

/// <summary>The good end of a command to an environment.</summary>
/// <param name="Result">What was reached.</param>
/// <param name="Version">The version that is live now; null when none is.</param>
/// <param name="Message">One sentence for people.</param>
public sealed record DeploymentOutcome(DeploymentResult Result, string? Version, string Message);
