using System.Collections.Immutable;
using Fairlead.Releases;
using Fairlead.SupplyChain;

namespace Fairlead.Deployment;

/// <summary>Finds the hotfixes of an environment's history. Pure.</summary>
static class HotfixDebts
{
    /// <summary>The hotfixes among the releases that were live, the latest first, each once. Which branches have them is for somebody else to say.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="journal">Its journal.</param>
    public static ImmutableArray<HotfixDebt> Of(EnvironmentSpec environment, ImmutableArray<JournalEntry> journal)
    {
        // What went live later and passed all its tests has the hotfix's place; who mends a hotfix by the next one owes nothing for the first.
        var recent = EnvironmentHistory.Of(journal).Recent;
        var tests = journal.Select(x => x.Event).OfType<JournalEvent.FollowedUp>().ToLookup(x => x.Release, StringComparer.Ordinal);
        return
        [
            .. from live in recent
               let release = live.Target.Release
               where environment.Hotfix.IsFor(release.Branch)
               group release by release.Digest into releases
               let release = releases.First()
               let later = recent.TakeWhile(x => x.Target.Release.Digest != release.Digest).FirstOrDefault(x => HasPassed(x.Target.Release))
               select new HotfixDebt(
                   release.Digest,
                   release.Version,
                   release.Commit,
                   release.Branch!,
                   later is null ? tests[release.Digest].LastOrDefault() : new JournalEvent.FollowedUp(release.Digest, HasPassed: true, $"{later.Target.Release.Version} has taken its place", later.By),
                   []),
        ];

        bool HasPassed(ReleaseManifest release) => release.Verdict(VerdictKinds.Tests).Outcome == VerdictOutcome.Passed || tests[release.Digest].LastOrDefault() is { HasPassed: true };
    }
}
