using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>When releases may go to an environment. Going back needs no window.</summary>
public sealed record DeploymentWindows
{
    /// <summary>The times at which deploying is allowed. Empty: always.</summary>
    public ImmutableArray<WeeklyWindow> Allow { get; init; } = [];

    /// <summary>The times at which it is not, also where <see cref="Allow"/> allows it.</summary>
    public ImmutableArray<WeeklyWindow> Deny { get; init; } = [];

    /// <summary>Days on which nothing is deployed.</summary>
    public ImmutableArray<Freeze> Freezes { get; init; } = [];

    /// <summary>The time zone of all of it, by its IANA name. By default <c>UTC</c>.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Further windows, each in its own time zone, which must allow it, too: those of the protected policy.</summary>
    public ImmutableArray<DeploymentWindows> Also { get; init; } = [];

    /// <summary>Whether anything is said.</summary>
    public bool IsEmpty => Allow.IsEmpty && Deny.IsEmpty && Freezes.IsEmpty && Also.All(x => x.IsEmpty);
}
