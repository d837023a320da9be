using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Finds the hotfixes of an environment's history. Pure.</summary>
static class HotfixDebts
{
    /// <summary>The hotfixes among the releases that were live, the latest first, each once. Which branches have them is for somebody else to say.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="journal">Its journal.</param>
    public static ImmutableArray<HotfixDebt> Of(EnvironmentSpec environment, ImmutableArray<JournalEntry> journal)
    {
        var tests = journal.Select(x => x.Event).OfType<JournalEvent.FollowedUp>().ToLookup(x => x.Release, StringComparer.Ordinal);
        return
        [
            .. from live in EnvironmentHistory.Of(journal).Recent
               let release = live.Target.Release
               where environment.Hotfix.IsFor(release.Branch)
               group release by release.Digest into releases
               let release = releases.First()
               select new HotfixDebt(release.Digest, release.Version, release.Commit, release.Branch!, tests[release.Digest].LastOrDefault(), []),
        ];
    }
}
