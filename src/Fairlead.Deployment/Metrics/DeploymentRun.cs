namespace Fairlead.Deployment;

/// <summary>One operation on an environment, from beginning to end, as the journal tells it.</summary>
public sealed record DeploymentRun
{
    /// <summary>The environment.</summary>
    public required string Environment { get; init; }

    /// <summary>What was wanted.</summary>
    public required OperationKind Kind { get; init; }

    /// <summary>Version of the release; empty for <see cref="OperationKind.Down"/>.</summary>
    public required string Version { get; init; }

    /// <summary>Its commit; null for <see cref="OperationKind.Down"/>.</summary>
    public string? Commit { get; init; }

    /// <summary>When that was made.</summary>
    public DateTimeOffset? CommitTime { get; init; }

    /// <summary>Its digest.</summary>
    public string? Digest { get; init; }

    /// <summary>Commit of the release that was live before; null: none was.</summary>
    public string? CommitBefore { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended; null: it has not.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How it ended; null: it has not.</summary>
    public OperationResult? Result { get; init; }

    /// <summary>When traffic began to move to it; null: it never did.</summary>
    public DateTimeOffset? TrafficSince { get; init; }

    /// <summary>Why it was taken back, one of <see cref="RollbackReasons"/>; null: it was not.</summary>
    public string? UndoReason { get; init; }

    /// <summary>When what it did to users was over: it was taken back, or a rollback ended. Null: it did nothing to them, or it is not over.</summary>
    public DateTimeOffset? Restored { get; init; }

    /// <summary>Whether it was a change that failed in front of users: it had traffic and was taken back, or was rolled back after it had gone live.</summary>
    public bool HasFailed { get; init; }

    /// <summary>Whether it has done nothing yet but wait for consent.</summary>
    internal bool IsWaiting { get; init; }

    /// <summary>How long it took; null: it has not ended.</summary>
    public TimeSpan? Duration => Ended - Started;

    /// <summary>The steps, in order, with their times; the end is null where the step was not done.</summary>
    public System.Collections.Immutable.ImmutableArray<(string Step, DateTimeOffset Started, DateTimeOffset? Ended)> Steps { get; init; } = [];
}
