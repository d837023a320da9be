using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Reads operations out of a journal. Pure.</summary>
public static class DeploymentRuns
{
    /// <summary>The operations of one environment, in the order of their beginnings.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="journal">Its journal.</param>
    public static ImmutableArray<DeploymentRun> Of(string environment, IEnumerable<JournalEntry> journal)
    {
        List<DeploymentRun> runs = [];
        // The run that is under way, and those by which something became live, the last one on top.
        int? open = null;
        List<int> live = [];
        AnalysisVerdict? verdict = null;
        var wasAsked = false;
        foreach (var entry in journal.Where(x => x.Delay != JournalDelay.Superseded))
        {
            switch (entry.Event)
            {
                case JournalEvent.OperationStarted x:
                    (verdict, wasAsked, open) = (null, false, runs.Count);
                    runs.Add(new DeploymentRun
                    {
                        Environment = environment,
                        Kind = x.Kind,
                        Version = x.Target?.Release.Version ?? "",
                        Commit = x.Target?.Release.Commit,
                        CommitTime = x.Target?.Release.CommitTime,
                        Digest = x.Target?.Release.Digest,
                        CommitBefore = live.Count > 0 ? runs[live[^1]].Commit : null,
                        Started = entry.At,
                    });
                    break;
                case JournalEvent.StepIntended x when open is { } at:
                    runs[at] = runs[at] with
                    {
                        Steps = runs[at].Steps.Add((x.Step, entry.At, null)),
                        TrafficSince = runs[at].TrafficSince ?? (x.Step.StartsWith("switch ", StringComparison.Ordinal) && runs[at].UndoReason is null ? entry.At : null),
                    };
                    break;
                case JournalEvent.Awaiting when open is { } at:
                    runs[at] = runs[at] with { IsWaiting = true };
                    break;
                case JournalEvent.StepDone { Step: RolloutStep.Approve.StepId } when open is { } at:
                    // The time of those who thought about it is not that of the deployment.
                    runs[at] = runs[at] with { IsWaiting = false, Started = entry.At, Steps = [] };
                    break;
                case JournalEvent.StepDone x when open is { } at:
                    var index = runs[at].Steps.ToList().FindLastIndex(y => y.Step == x.Step && y.Ended is null);
                    if (index >= 0)
                        runs[at] = runs[at] with { Steps = runs[at].Steps.SetItem(index, runs[at].Steps[index] with { Ended = entry.At }) };
                    break;
                case JournalEvent.Analysed x:
                    verdict = x.Verdict;
                    break;
                case JournalEvent.OperatorActed { Action: OperatorAction.Abort }:
                    wasAsked = true;
                    break;
                case JournalEvent.UndoStarted x when open is { } at:
                    runs[at] = runs[at] with { UndoReason = runs[at].UndoReason ?? RollbackReasons.Of(x.Reason, runs[at].Steps.LastOrDefault(y => y.Ended is null).Step, verdict, wasAsked) };
                    break;
                case JournalEvent.OperationFinished x when open is { } at:
                    runs[at] = runs[at] with { Ended = entry.At, Result = x.Result };
                    if (x.Result == OperationResult.Undone && runs[at] is { Kind: OperationKind.Deploy, TrafficSince: not null })
                        runs[at] = runs[at] with { HasFailed = true, Restored = entry.At };
                    else if (x.Result == OperationResult.Succeeded)
                        GoLive(at, entry.At);
                    open = null;
                    break;
            }
        }

        // What was withdrawn before it had consent was no deployment.
        return [.. runs.Where(x => !x.IsWaiting)];

        void GoLive(int at, DateTimeOffset when)
        {
            switch (runs[at].Kind)
            {
                case OperationKind.Down:
                    live.Clear();
                    break;
                case OperationKind.Rollback:
                    // Everything above the release that is live again was not wanted.
                    var below = live.FindLastIndex(x => runs[x].Digest == runs[at].Digest);
                    if (below == live.Count - 1 && below >= 0)
                        break;
                    if (live.Count > 0)
                        runs[live[^1]] = runs[live[^1]] with { HasFailed = true, Restored = runs[live[^1]].Restored ?? when };
                    if (below >= 0)
                        live.RemoveRange(below + 1, live.Count - below - 1);
                    else
                        live.Add(at);
                    break;
                case OperationKind.Deploy:
                    live.Add(at);
                    break;
            }
        }
    }
}
