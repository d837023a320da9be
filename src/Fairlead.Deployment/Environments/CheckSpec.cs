using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>A check after the deployment: a command that must end well, or an address that must answer.</summary>
public sealed record CheckSpec
{
    /// <summary>What kind of check: <c>smoke</c>, <c>integration</c>, <c>performance</c>, <c>security</c> or <c>chaos</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Program and arguments; empty when <see cref="Http"/> is given.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>An address, or a path of the service; null when <see cref="Command"/> is given.</summary>
    public string? Http { get; init; }

    /// <summary>The status that <see cref="Http"/> must answer with. By default 200.</summary>
    public int Status { get; init; } = 200;

    /// <summary>How long it may take. By default 10 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);
}
