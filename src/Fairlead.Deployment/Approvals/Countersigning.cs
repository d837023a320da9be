using System.Collections.Immutable;
using System.Globalization;

namespace Fairlead.Deployment;

/// <summary>What is owed after somebody has broken the glass. Pure.</summary>
static class Countersigning
{
    /// <summary>The deployments of a journal that went out by breaking the glass, the oldest first.</summary>
    public static ImmutableArray<GlassBreak> Breaks(string application, string environment, ImmutableArray<JournalEntry> journal)
    {
        var breaks = ImmutableArray.CreateBuilder<GlassBreak>();
        for (var i = 0; i < journal.Length; i++)
        {
            if (journal[i] is not { Event: JournalEvent.RulesBypassed bypassed, Delay: not JournalDelay.Superseded }
                || bypassed.Rules.FirstOrDefault(x => x.Rule == BrokenGlass.Rule) is not { } rule)
            {
                continue;
            }

            var history = EnvironmentHistory.Of(journal.Take(i + 1));
            if (history.Unfinished is not { Target.Release: { } release } operation)
                continue;
            var request = history.Approvals.Select(x => StatementText.Read(x.Approval.Statement)).OfType<ApprovalStatement>()
                .LastOrDefault(x => x.Purpose == ApprovalPurpose.BreakGlass && x.Request.Release == release.Digest && x.Request.Round == history.Round)?.Request
                ?? new ApprovalRequest { Application = application, Environment = environment, Release = release.Digest, Version = release.Version, Commit = release.Commit, Round = history.Round };
            // One operation may have been interrupted and taken up again.
            if (breaks.All(x => x.Request != request))
                breaks.Add(new GlassBreak(request, new BrokenGlass(bypassed.By, rule.Message), journal[i].At, operation.By, history.Live?.Target.Release.Commit));
        }

        return breaks.ToImmutable();
    }

    /// <summary>Whether one of them was countersigned.</summary>
    /// <param name="broken">What went out.</param>
    /// <param name="rules">Whose consent counts.</param>
    /// <param name="given">Everything that was signed.</param>
    /// <param name="own">Those who deployed and wrote it.</param>
    /// <param name="now">The time.</param>
    public static Countersignature Judge(GlassBreak broken, ApprovalRules rules, ImmutableArray<ExaminedApproval> given, Participants own, DateTimeOffset now)
    {
        var due = broken.At + rules.Approvals.CountersignWithin;
        var one = rules with { Approvals = rules.Approvals with { Required = true, Minimum = 1 }, Bypass = null };
        var judgement = ApprovalJudge.Judge(one, broken.Request, given, own.With([broken.Glass.Principal], "they broke the glass themselves"), ApprovalPurpose.Countersign);
        var what = $"{broken.Request.Version} went to {broken.Request.Environment} on {Time(broken.At)} because {broken.Glass.Principal} broke the glass ({broken.Glass.Reason.TrimEnd('.')})";
        for (var i = 0; i < given.Length; i++)
        {
            if (!judgement.Approvals[i].Counts)
                continue;
            var at = given[i].GivenAt ?? now;
            var who = given[i].Signer!.Principals[0];
            return at > due
                ? new Countersignature(broken, true, true, $"{what}; {who} countersigned it on {Time(at)}, after its time, which was over on {Time(due)}.", judgement)
                : new Countersignature(broken, true, false, $"{what}; {who} countersigned it on {Time(at)}.", judgement);
        }

        return now > due
            ? new Countersignature(broken, false, true, $"{what}, and nobody has countersigned it: the time for that was over on {Time(due)}.", judgement)
            : new Countersignature(broken, false, false, $"{what}; it has to be countersigned by {Time(due)}.", judgement);
    }

    static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
