using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>What a check is about.</summary>
/// <param name="Environment">The environment.</param>
/// <param name="Target">What was deployed.</param>
/// <param name="Variables">The environment's variables and secrets, for commands.</param>
public sealed record CheckSubject(string Environment, DeploymentTarget Target, ImmutableSortedDictionary<string, string> Variables);
