using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Who may talk to the services, or to whom they may talk.</summary>
/// <param name="IsIngress">Whether it is about connections that come in.</param>
/// <param name="Peers">The others, in the platform's words.</param>
/// <param name="Ports">The ports.</param>
public sealed record NetworkRule(bool IsIngress, ImmutableArray<string> Peers, ImmutableArray<int> Ports);
