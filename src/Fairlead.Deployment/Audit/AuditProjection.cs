using System.Collections.Immutable;
using System.Globalization;
using Fairlead.SupplyChain;

namespace Fairlead.Deployment;

/// <summary>
/// What of a journal belongs into the audit log. The same journal always gives the same records, so what is missing in the log can be added at any time, and what is there
/// can be compared.
/// </summary>
/// <remarks>
/// Records that were written once are compared with what this gives today. So these never change, or every older log looks changed and tamper_proof environments can be deployed to no more:
/// which events give records, in which order, and so their names; kind, time, who and release of a record; names and values of its details. What must change gets a new
/// <see cref="AuditRecord.Schema"/>. Only the sentences (<see cref="AuditRecord.What"/>) can be put otherwise: they are not compared.
/// </remarks>
public static class AuditProjection
{
    /// <summary>The records of one environment's journal, the oldest first.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="journal">Its journal from the first entry on.</param>
    public static ImmutableArray<AuditRecord> Of(string environment, IEnumerable<JournalEntry> journal)
    {
        var records = ImmutableArray.CreateBuilder<AuditRecord>();
        UnderWay? operation = null;
        DeploymentTarget? live = null;
        foreach (var entry in journal)
        {
            // What came too late tells of an operation of its own, which nothing after it belongs to.
            var about = entry.Event is JournalEvent.OperationStarted begun ? new UnderWay(begun, live) : entry.Delay == JournalDelay.Superseded ? null : operation;
            var number = 0;
            foreach (var record in RecordsOf(entry.Event, about))
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"{environment}/{entry.Sequence}");
                var whole = record with { Id = number == 0 ? id : string.Create(CultureInfo.InvariantCulture, $"{id}.{number}"), At = entry.At };
                records.Add(entry.Delay is { } delay ? whole with { Details = whole.Details.SetItem("delay", delay == JournalDelay.Late ? "late" : "superseded") } : whole);
                number++;
            }

            if (entry.Delay != JournalDelay.Superseded)
            {
                if (entry.Event is JournalEvent.OperationFinished { Result: OperationResult.Succeeded } && operation is { Started.Kind: OperationKind.Deploy or OperationKind.Rollback or OperationKind.Down })
                    live = operation.Started.Target;
                operation = entry.Event is JournalEvent.OperationFinished ? null : about?.After(entry.Event);
            }
        }

        return records.ToImmutable();
    }

    /// <summary>The operation that is under way when something happens.</summary>
    /// <param name="Started">What it is.</param>
    /// <param name="Live">What was live when it began.</param>
    /// <param name="HasWaited">Whether it has waited for consent.</param>
    /// <param name="HasActed">Whether it has begun to do something else.</param>
    sealed record UnderWay(JournalEvent.OperationStarted Started, DeploymentTarget? Live, bool HasWaited = false, bool HasActed = false)
    {
        public bool IsWaiting => HasWaited && !HasActed;

        /// <summary>Whether it only brings up again what is live already.</summary>
        public bool IsAgain => Started is { Kind: OperationKind.Rollback, Target: { } target } && Live?.RunsTheSameAs(target) == true;

        public UnderWay After(JournalEvent journalEvent) => journalEvent switch
        {
            JournalEvent.Awaiting => this with { HasWaited = true },
            JournalEvent.UndoStarted => this with { HasActed = true },
            JournalEvent.StepIntended x when x.Step != RolloutStep.Approve.StepId => this with { HasActed = true },
            _ => this,
        };
    }

    static IEnumerable<AuditRecord> RecordsOf(JournalEvent journalEvent, UnderWay? underWay)
    {
        var operation = underWay?.Started;
        var release = operation?.Target?.Release is { } manifest ? new AuditRelease(manifest.Version, manifest.Commit, manifest.Digest) : null;
        var name = underWay is null ? "The operation" : underWay.IsAgain ? $"Bringing up {underWay.Started.Target?.Release.Version} again" : NameOf(underWay.Started);
        var kind = operation?.Kind switch
        {
            OperationKind.Rollback when underWay?.IsAgain != true => AuditKinds.Rollback,
            OperationKind.BackUp => AuditKinds.Backup,
            OperationKind.Restore => AuditKinds.Restore,
            _ => AuditKinds.Deployment,
        };
        switch (journalEvent)
        {
            case JournalEvent.OperationStarted x:
                yield return Record(kind, $"{name} began.", x.By);
                foreach (var verdict in x.Kind == OperationKind.Deploy ? x.Target?.Release.Verdicts ?? [] : [])
                    yield return Record(AuditKinds.Scan, $"The verdict '{verdict.Kind}' over {x.Target!.Release.Version}: {Word(verdict.Outcome)}.", null, [.. DetailsOf(verdict)]);
                break;
            case JournalEvent.OperationFinished x:
                yield return (x.Result, underWay) switch
                {
                    (OperationResult.Undone, { IsWaiting: true }) => Record(kind, $"{name} was withdrawn before it had consent; it had changed nothing.", operation?.By, ("result", "withdrawn")),
                    (OperationResult.Undone, { Started.Kind: OperationKind.BackUp or OperationKind.Restore or OperationKind.Contract }) => Record(kind, $"{name} was given up.", operation?.By, ("result", Word(x.Result))),
                    (OperationResult.Undone, _) => Record(AuditKinds.Rollback, $"{name} was taken back.", operation?.By, ("result", Word(x.Result))),
                    _ => Record(kind, $"{name} succeeded.", operation?.By, ("result", Word(x.Result))),
                };
                break;
            case JournalEvent.UndoStarted x:
                yield return Record(AuditKinds.Rollback, $"{name} is being taken back.", operation?.By, ("reason", x.Reason));
                break;
            case JournalEvent.OperatorActed x:
                yield return Record(AuditKinds.Operator, $"An operator asked for '{Word(x.Action)}'.", x.By, [("action", Word(x.Action)), .. x.Reason is { } reason ? [("reason", reason)] : Array.Empty<(string, string)>()]);
                break;
            case JournalEvent.Awaiting x:
                yield return Record(AuditKinds.Approval, $"{name} waits for consent.", operation?.By, ("missing", x.Missing), ("round", Number(x.Request.Round)));
                break;
            case JournalEvent.ApprovalGiven x:
                yield return Record(AuditKinds.Approval, "Something was signed.", x.By, ("statement", x.Approval.Statement), ("signature", x.Approval.Signature));
                break;
            case JournalEvent.RulesBypassed x:
                yield return Record(AuditKinds.Bypass, $"{name} goes on in spite of {(x.Rules.Length == 1 ? "a rule" : $"{x.Rules.Length} rules")}.", x.By, [("reason", x.Reason), .. x.Rules.DistinctBy(y => y.Rule, StringComparer.Ordinal).Select(y => ($"rule {y.Rule}", y.Message))]);
                break;
            case JournalEvent.CheckDone x:
                yield return Record(
                    AuditKinds.Check, $"The check '{x.Outcome.Check}' {(x.Outcome.HasPassed ? "passed" : "failed")}.", operation?.By,
                    ("check", x.Outcome.Check), ("passed", x.Outcome.HasPassed ? "true" : "false"), ("detail", x.Outcome.Detail), ("attempts", Number(x.Outcome.Attempts)));
                break;
            case JournalEvent.BackedUp x:
                yield return Record(AuditKinds.Backup, $"The database '{x.Backup.Database}' was backed up.", operation?.By, [.. DetailsOf(x.Backup)]);
                break;
            case JournalEvent.Restored x:
                yield return Record(AuditKinds.Restore, $"The database '{x.Backup.Database}' was restored.", x.By, [.. DetailsOf(x.Backup)]);
                break;
            case JournalEvent.FollowedUp x:
                yield return Record(AuditKinds.Check, $"The full tests of a hotfix {(x.HasPassed ? "passed" : "failed")} after it went live.", x.By, ("digest", x.Release), ("passed", x.HasPassed ? "true" : "false"), ("summary", x.Summary));
                break;
        }

        AuditRecord Record(string recordKind, string what, string? by, params (string Name, string Value)[] details) => new()
        {
            Id = "",
            At = default,
            Kind = recordKind,
            What = what,
            By = by,
            Release = release,
            Details = details.ToImmutableSortedDictionary(x => x.Name, x => x.Value, StringComparer.Ordinal),
        };
    }

    static IEnumerable<(string, string)> DetailsOf(Verdict verdict) =>
    [
        ("verdict", verdict.Kind), ("outcome", Word(verdict.Outcome)), ("summary", verdict.Summary),
        .. (verdict.Figures ?? new Dictionary<string, double>()).Select(x => ($"figure {x.Key}", x.Value.ToString("R", CultureInfo.InvariantCulture))),
        .. verdict.ValidUntil is { } end ? [("valid until", end.ToString("O", CultureInfo.InvariantCulture))] : Array.Empty<(string, string)>(),
    ];

    static IEnumerable<(string, string)> DetailsOf(DatabaseBackup backup) =>
    [
        ("backup", backup.Id), ("database", backup.Database), ("digest", backup.Digest), ("bytes", Number(backup.Bytes)), ("encrypted", backup.IsEncrypted ? "true" : "false"),
        .. backup.Release is { } live ? [("live", live)] : Array.Empty<(string, string)>(),
    ];

    static string NameOf(JournalEvent.OperationStarted operation) => operation.Kind switch
    {
        OperationKind.Deploy => $"The deployment of {operation.Target?.Release.Version}",
        OperationKind.Rollback => $"The rollback to {operation.Target?.Release.Version}",
        OperationKind.BackUp => "Copying the database",
        OperationKind.Restore => $"Bringing the database back to {operation.Backup?.Id}",
        OperationKind.Contract => $"The contracting migrations of {operation.Target?.Release.Version}",
        _ => "Stopping everything",
    };

    static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    static string Word(VerdictOutcome outcome) => outcome switch
    {
        VerdictOutcome.Passed => "passed",
        VerdictOutcome.Failed => "failed",
        _ => "not done",
    };

    static string Word(OperationResult result) => result == OperationResult.Succeeded ? "succeeded" : "undone";

    static string Word(OperatorAction action) => action == OperatorAction.BreakLock ? "break-lock" : action.ToString().ToLowerInvariant();
}
