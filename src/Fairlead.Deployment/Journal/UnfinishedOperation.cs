using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>An operation that began and has not ended: it runs just now, or was interrupted.</summary>
sealed record UnfinishedOperation(OperationKind Kind, DeploymentTarget? Target, DateTimeOffset Since, string By)
{
    /// <summary>What it does with the database, where it is a rollback.</summary>
    public DatabaseChoice Choice { get; init; }

    /// <summary>The rules that were bypassed in it.</summary>
    public ImmutableHashSet<string> Bypassed { get; init; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Whether the consent that it needs has not been seen yet.</summary>
    public bool IsBeforeConsent => Kind == OperationKind.Deploy && UndoReason is null && Planned.Contains(RolloutStep.Approve.StepId) && !Done.Contains(RolloutStep.Approve.StepId);

    /// <summary>Ids of the steps that it began with.</summary>
    public ImmutableArray<string> Planned { get; init; } = [];

    /// <summary>Ids of the steps that were about to be done.</summary>
    public ImmutableList<string> Intended { get; init; } = [];

    /// <summary>Ids of the steps that were done.</summary>
    public ImmutableHashSet<string> Done { get; init; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The last verdict of an analysis, with the id of its step.</summary>
    public JournalEvent.Analysed? LastVerdict { get; init; }

    /// <summary>Whether somebody has asked it to stay where it is.</summary>
    public bool IsPaused { get; init; }

    /// <summary>What it waits for, or waited for last; null when it never did.</summary>
    public JournalEvent.Awaiting? Awaiting { get; init; }

    /// <summary>Whether it changes what is live: not when only the database is worked on.</summary>
    public bool IsRollout => Kind is OperationKind.Deploy or OperationKind.Rollback or OperationKind.Down;

    /// <summary>The copy of the database that it made, or brings back; null where there is none.</summary>
    public DatabaseBackup? Backup { get; init; }

    /// <summary>Whether it does nothing but wait for consent: nothing was changed yet.</summary>
    public bool IsWaiting => Awaiting is not null && UndoReason is null && Intended.All(x => x == RolloutStep.Approve.StepId);

    /// <summary>Why it is being taken back, or null while it goes forward.</summary>
    public string? UndoReason { get; init; }

    /// <summary>Once old revisions are being retired, the new ones have been verified and the old ones may be gone.</summary>
    public bool IsPastReturn => UndoReason is null && Intended.Any(x => x.StartsWith(RolloutStep.Retire.IdPrefix, StringComparison.Ordinal));
}
