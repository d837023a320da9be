using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Whom and what a deployment may believe, as the protected ref says it.</summary>
/// <param name="Source">Where it was read: <c>origin/main (3f2a1bc)</c>; null: there is no protected ref.</param>
/// <param name="Keys">The trusted public keys, in PEM, by name.</param>
/// <param name="SecurityPolicy">The text of <c>.nuke/security.yml</c>; null: there is none.</param>
public sealed record PolicyTrust(string? Source, ImmutableSortedDictionary<string, string> Keys, string? SecurityPolicy);
