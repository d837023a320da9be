using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>An environment at a glance.</summary>
public sealed record EnvironmentStatus
{
    /// <summary>The application.</summary>
    public required string Application { get; init; }

    /// <summary>The environment's name.</summary>
    public required string Environment { get; init; }

    /// <summary>What the journal says is live; null when nothing is.</summary>
    public LiveRelease? Live { get; init; }

    /// <summary>All revisions that are there or should be, in the order of services and ordinals.</summary>
    public required ImmutableArray<ServiceStatus> Services { get; init; }

    /// <summary>An operation that runs just now (when <see cref="Holder"/> is there) or was interrupted; otherwise null.</summary>
    public InterruptedStatus? Unfinished { get; init; }

    /// <summary>Who changes the environment just now, or null.</summary>
    public LockHolder? Holder { get; init; }

    /// <summary>Whether the contracting migrations of what is live are still to run.</summary>
    public bool OwesContract { get; init; }

    /// <summary>Earlier releases that can be rolled back to, the latest first.</summary>
    public required ImmutableArray<LiveRelease> Previous { get; init; }

    /// <summary>Whether what is live is there, healthy and has all traffic, and nothing is unfinished.</summary>
    public bool IsWell => Unfinished is null && Live is not null && Live.Target.Services.All(service =>
        Services.Any(x => x.Revision == service.Revision.Name && x is { Phase: RevisionPhase.Healthy, Traffic: 100 }));

    /// <summary>The status as a text table.</summary>
    public override string ToString() => StatusText.Render(this);
}
