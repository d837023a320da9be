using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Where policy is read from for one release.</summary>
/// <param name="Commits">The commit from before the release and, where that is another one, the newest: both count. Empty: there is none.</param>
/// <param name="Missing">Why there is none.</param>
sealed record PolicySources(ImmutableArray<PolicySource> Commits, Problem? Missing);
