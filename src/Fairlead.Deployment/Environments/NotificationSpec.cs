using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Somebody who is to be told.</summary>
/// <param name="Channel">How: <c>slack</c>, <c>email</c>, <c>teams</c>, <c>discord</c> or <c>webhook</c>.</param>
/// <param name="Recipients">Channels or addresses, at least one.</param>
public sealed record NotificationSpec(string Channel, ImmutableArray<string> Recipients);
