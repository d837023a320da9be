using Fairlead.Engine;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Checks something, and leaves a verdict that Package puts into the release.</summary>
public interface IHazVerdicts : IHazArtifacts, IHazVersion
{
    /// <summary>Keeps a verdict over the tree that is checked out, and says it in the log and the summary. It goes into the release that is packaged from this very tree.</summary>
    /// <param name="verdict">The verdict, of any kind: also a word of your own.</param>
    /// <param name="title">What it is called in the summary.</param>
    /// <exception cref="UserErrorException">It is failed.</exception>
    sealed void Report(Verdict verdict, string title)
    {
        VerdictFile.Write(ReportDirectory, Version.InformationalVersion, verdict);
        ReportSummary(title, verdict.Outcome == VerdictOutcome.NotDone ? $"NOT DONE: {verdict.Summary}" : verdict.Summary);
        if (verdict.Outcome == VerdictOutcome.Failed)
            throw new UserErrorException($"{title} failed: {verdict.Summary}");
        Context.Write(verdict.Outcome == VerdictOutcome.NotDone ? LogLevel.Warning : LogLevel.Information, $"{title} {(verdict.Outcome == VerdictOutcome.NotDone ? "NOT DONE" : "passed")}: {verdict.Summary}");
    }

    /// <summary>Forgets the verdict of a kind, because a new one is being made: nothing may count that an interrupted check left.</summary>
    sealed void Forget(string kind) => VerdictFile.Delete(ReportDirectory, kind);
}
