using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>What the journal of one environment tells.</summary>
sealed record EnvironmentHistory
{
    /// <summary>What is live, or null.</summary>
    public LiveRelease? Live { get; private init; }

    /// <summary>What was live before, each below the one that replaced it; the first is where a rollback goes.</summary>
    public ImmutableStack<LiveRelease> Before { get; private init; } = [];

    /// <summary>Everything that was ever live, the latest first, each release and configuration once.</summary>
    public ImmutableList<LiveRelease> Recent { get; private init; } = [];

    /// <summary>The operation that has not ended, or null.</summary>
    public UnfinishedOperation? Unfinished { get; private init; }

    /// <summary>The highest ordinal given to a revision; 0 before the first.</summary>
    public int LastOrdinal { get; private init; }

    /// <summary>Digests of the releases that were verified here and not rolled back since, with the time.</summary>
    public ImmutableDictionary<string, DateTimeOffset> Verified { get; private init; } = ImmutableDictionary.Create<string, DateTimeOffset>(StringComparer.Ordinal);

    /// <summary>How many deployments, rollbacks and ':down' have ended here: what approvals are bound to; see <see cref="ApprovalRequest.Round"/>.</summary>
    public long Round { get; private init; }

    /// <summary>Everything that was signed for this environment, the oldest first; whether it counts is judged when it is needed.</summary>
    public ImmutableList<JournalEvent.ApprovalGiven> Approvals { get; private init; } = [];

    /// <summary>The copies of the database that were made, the oldest first.</summary>
    public ImmutableList<DatabaseBackup> Backups { get; private init; } = [];

    /// <summary>Reads the journal.</summary>
    public static EnvironmentHistory Of(IEnumerable<JournalEntry> journal) => journal.Aggregate(new EnvironmentHistory(), (history, entry) => history.With(entry));

    EnvironmentHistory With(JournalEntry entry) => entry.Event switch
    {
        _ when entry.Delay == JournalDelay.Superseded => this,
        JournalEvent.OperationStarted x => this with
        {
            Unfinished = new UnfinishedOperation(x.Kind, x.Target, entry.At, x.By) { Backup = x.Backup, Planned = x.Steps, Choice = x.Database ?? DatabaseChoice.AsConfigured },
            LastOrdinal = Math.Max(LastOrdinal, x.Target?.Services.Select(service => Math.Max(service.Ordinal, service.BaselineOrdinal ?? 0)).DefaultIfEmpty().Max() ?? 0),
        },
        // From here on what was live before may not work with the database any more, whatever becomes of the operation.
        JournalEvent.StepIntended { Step: RolloutStep.Migrate.ContractId } x when Unfinished is not null && Live is not null => this with
        {
            Live = Live with { IsContracted = true, ContractBackup = Unfinished.Backup ?? Live.ContractBackup },
            Unfinished = Unfinished with { Intended = Unfinished.Intended.Add(x.Step) },
        },
        JournalEvent.RulesBypassed x when Unfinished is not null && x.Reason != JournalEvent.RulesBypassed.Hotfix => this with { Unfinished = Unfinished with { Bypassed = Unfinished.Bypassed.Union(x.Rules.Select(rule => rule.Rule)) } },
        // A database as it was has none of what the live release migrated: its next deployment migrates again.
        JournalEvent.Restored when Unfinished is { Kind: OperationKind.Restore } && Live is not null => this with
        {
            Live = Live with { IsContracted = false, OwesContract = false, Target = Live.Target with { Database = null } },
        },
        JournalEvent.StepIntended x when Unfinished is not null => this with { Unfinished = Unfinished with { Intended = Unfinished.Intended.Add(x.Step) } },
        JournalEvent.StepDone x when Unfinished is not null => this with { Unfinished = Unfinished with { Done = Unfinished.Done.Add(x.Step) } },
        JournalEvent.Analysed x when Unfinished is not null => this with { Unfinished = Unfinished with { LastVerdict = x } },
        JournalEvent.OperatorActed { Action: OperatorAction.Pause } when Unfinished is not null => this with { Unfinished = Unfinished with { IsPaused = true } },
        JournalEvent.OperatorActed { Action: OperatorAction.Resume or OperatorAction.Promote } when Unfinished is not null => this with { Unfinished = Unfinished with { IsPaused = false } },
        JournalEvent.UndoStarted x when Unfinished is not null => this with { Unfinished = Unfinished with { UndoReason = x.Reason } },
        JournalEvent.OperationFinished { Result: OperationResult.Succeeded } when Unfinished is not null => Succeeded(Unfinished, entry.At) with { Unfinished = null, Round = RoundAfter(Unfinished) },
        JournalEvent.OperationFinished => this with { Unfinished = null, Round = RoundAfter(Unfinished) },
        JournalEvent.Awaiting x when Unfinished is not null => this with { Unfinished = Unfinished with { Awaiting = x } },
        JournalEvent.ApprovalGiven x => this with { Approvals = Approvals.Add(x) },
        JournalEvent.BackedUp x => this with { Backups = Backups.Add(x.Backup), Unfinished = Unfinished is null ? null : Unfinished with { Backup = x.Backup } },
        _ => this,
    };

    long RoundAfter(UnfinishedOperation? operation) => operation is null or { IsRollout: true } ? Round + 1 : Round;

    EnvironmentHistory Succeeded(UnfinishedOperation operation, DateTimeOffset at)
    {
        if (operation.Kind == OperationKind.Contract && Live is not null)
            return this with { Live = Live with { OwesContract = false } };
        if (!operation.IsRollout)
            return this;
        if (operation.Target is not { } target)
            return this with { Live = null, Before = [] };
        var same = Live is not null && Live.Target.RunsTheSameAs(target);
        var now = Now(operation, target, at, same);
        var verified = Verified;
        var before = Before;
        if (operation.Kind == OperationKind.Rollback)
        {
            // Somebody did not want the release that was live: it is no longer good enough for the environments that rely on this one.
            if (Live is not null && Live.Target.Release.Digest != target.Release.Digest)
                verified = verified.Remove(Live.Target.Release.Digest);
            while (!before.IsEmpty && !before.Peek().Target.RunsTheSameAs(target))
                before = before.Pop();
            // An earlier release that is not below the live one: it was rolled back itself once, and is above it again.
            before = !before.IsEmpty ? before.Pop() : same || Live is null ? Before : Before.Push(Live);
        }
        else if (Live is not null && !same)
        {
            before = before.Push(Live);
        }

        return this with
        {
            Live = now,
            Before = before,
            Recent = Recent.RemoveAll(x => x.Target.RunsTheSameAs(target)).Insert(0, now),
            // A rollback proves nothing about the release that it goes back to: what it was verified as, it stays.
            Verified = operation.Kind == OperationKind.Deploy ? verified.SetItem(target.Release.Digest, at) : verified,
        };
    }

    LiveRelease Now(UnfinishedOperation operation, DeploymentTarget target, DateTimeOffset at, bool same)
    {
        // What is gone back to keeps what is known of its database.
        if (operation.Kind == OperationKind.Rollback)
            return (same ? Live : Before.FirstOrDefault(x => x.Target.RunsTheSameAs(target))) is { } known ? known with { Target = target, Since = same ? known.Since : at, By = operation.By } : new LiveRelease(target, at, operation.By);
        var sameRelease = Live is not null && !DatabaseSchedule.IsNew(target, Live.Target);
        var isContracted = sameRelease && Live!.IsContracted;
        return new LiveRelease(target, same ? Live!.Since : at, operation.By)
        {
            Backup = operation.Backup ?? (sameRelease ? Live!.Backup : null),
            ContractBackup = sameRelease ? Live!.ContractBackup : null,
            IsContracted = isContracted,
            OwesContract = !isContracted && target.Database is { Contract.IsEmpty: false } && (!sameRelease || Live!.OwesContract),
        };
    }
}
