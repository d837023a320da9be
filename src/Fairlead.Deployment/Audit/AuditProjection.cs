using System.Collections.Immutable;
using System.Globalization;
using Fairlead.SupplyChain;

namespace Fairlead.Deployment;

/// <summary>
/// What of a journal belongs into the audit log. The same journal always gives the same records, so what is missing in the log can be added at any time, and what is there
/// can be compared.
/// </summary>
public static class AuditProjection
{
    /// <summary>The records of one environment's journal, the oldest first.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="journal">Its journal from the first entry on.</param>
    public static ImmutableArray<AuditRecord> Of(string environment, IEnumerable<JournalEntry> journal)
    {
        var records = ImmutableArray.CreateBuilder<AuditRecord>();
        JournalEvent.OperationStarted? operation = null;
        foreach (var entry in journal)
        {
            // What came too late tells of an operation of its own, which nothing after it belongs to.
            var about = entry.Event as JournalEvent.OperationStarted ?? (entry.Delay == JournalDelay.Superseded ? null : operation);
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
                operation = entry.Event switch
                {
                    JournalEvent.OperationStarted x => x,
                    JournalEvent.OperationFinished => null,
                    _ => operation,
                };
            }
        }

        return records.ToImmutable();
    }

    static IEnumerable<AuditRecord> RecordsOf(JournalEvent journalEvent, JournalEvent.OperationStarted? operation)
    {
        var release = operation?.Target?.Release is { } manifest ? new AuditRelease(manifest.Version, manifest.Commit, manifest.Digest) : null;
        var name = operation is null ? "The operation" : NameOf(operation);
        var kind = operation?.Kind switch
        {
            OperationKind.Rollback => AuditKinds.Rollback,
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
                yield return Record(x.Result == OperationResult.Undone ? AuditKinds.Rollback : kind, x.Result == OperationResult.Undone ? $"{name} was taken back." : $"{name} succeeded.", operation?.By, ("result", Word(x.Result)));
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
