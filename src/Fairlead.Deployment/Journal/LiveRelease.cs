namespace Fairlead.Deployment;

/// <summary>A release that is or was live.</summary>
/// <param name="Target">The release with its resolved configuration.</param>
/// <param name="Since">Since when, in UTC.</param>
/// <param name="By">Who deployed it: <c>user@host</c>.</param>
public sealed record LiveRelease(DeploymentTarget Target, DateTimeOffset Since, string By);
