using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Tells the operations of a journal.</summary>
static class HistoryReader
{
    public static ImmutableArray<HistoryEntry> Read(IEnumerable<JournalEntry> journal)
    {
        var entries = ImmutableArray.CreateBuilder<HistoryEntry>();
        HistoryEntry? current = null;
        foreach (var entry in journal)
        {
            if (entry.Delay == JournalDelay.Superseded)
            {
                // What others did afterwards is the history; this is a note on it.
                if (current is not null && entry.Event is JournalEvent.StepDone done)
                    current = current with { Notes = current.Notes.Add($"{done.Step} at {entry.At:HH:mm:ss}, told later, while the store was out of reach") };
                continue;
            }

            switch (entry.Event)
            {
                case JournalEvent.OperationStarted x:
                    // ':down' begins over what is unfinished.
                    if (current is not null)
                        entries.Add(current);
                    current = new HistoryEntry(x.Kind, x.Target?.Release.Version, x.Target?.Release.Commit, x.By, entry.At, null, null, null, null, []);
                    break;
                case JournalEvent.StepIntended x when current is { Reason: null }:
                    current = current with { LastStep = x.Step };
                    break;
                case JournalEvent.UndoStarted x when current is not null:
                    current = current with { Reason = x.Reason };
                    break;
                case JournalEvent.Analysed x when current is not null:
                    current = current with { Notes = current.Notes.Add($"{x.Revision}, {x.Verdict.Stage}: {x.Verdict.Outcome.ToString().ToLowerInvariant()}{Environment.NewLine}{x.Verdict}") };
                    break;
                case JournalEvent.OperatorActed x when current is not null:
                    current = current with { Notes = current.Notes.Add($"{Word(x.Action)} by {x.By} at {entry.At:HH:mm:ss}{(x.Reason is null ? "" : $": {x.Reason}")}") };
                    break;
                case JournalEvent.Awaiting x when current is not null:
                    current = current with { IsWaiting = true, Notes = current.Notes.Add($"waits for approval at {entry.At:HH:mm:ss}: {x.Missing}") };
                    break;
                case JournalEvent.StepDone { Step: RolloutStep.Approve.StepId } when current is not null:
                    current = current with { IsWaiting = false, Notes = current.Notes.Add($"approved, seen at {entry.At:HH:mm:ss}") };
                    break;
                case JournalEvent.RulesBypassed x when current is not null:
                    current = current with { Notes = current.Notes.Add($"BYPASSED by {x.By}: {x.Reason}{string.Concat(x.Rules.Select(rule => $"{Environment.NewLine}{rule.Rule}: {rule.Message}"))}") };
                    break;
                case JournalEvent.CheckDone x when current is not null:
                    current = current with { Notes = current.Notes.Add($"check '{x.Outcome.Check}' {(x.Outcome.HasPassed ? "passed" : "FAILED")} after {x.Outcome.Duration.TotalSeconds:0.0} s: {x.Outcome.Detail}") };
                    break;
                case JournalEvent.BackedUp x when current is not null:
                    current = current with { Notes = current.Notes.Add($"copy of the database: {x.Backup.Id}, {x.Backup.Bytes:N0} bytes") };
                    break;
                case JournalEvent.Restored x when current is not null:
                    current = current with { Notes = current.Notes.Add($"database brought back to {x.Backup.Id}") };
                    break;
                case JournalEvent.OperationFinished x when current is not null:
                    entries.Add(current with { Until = entry.At, Result = x.Result });
                    current = null;
                    break;
            }
        }

        if (current is not null)
            entries.Add(current);
        return entries.ToImmutable();
    }

    static string Word(OperatorAction action) => action switch
    {
        OperatorAction.Pause => "paused",
        OperatorAction.Resume => "resumed",
        OperatorAction.Promote => "promoted",
        OperatorAction.Abort => "aborted",
        _ => "lock broken",
    };
}
