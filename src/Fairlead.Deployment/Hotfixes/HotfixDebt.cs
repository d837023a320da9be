using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>What a hotfix that went live still owes.</summary>
/// <param name="Release">Digest of its release.</param>
/// <param name="Version">Its version.</param>
/// <param name="Commit">Its commit.</param>
/// <param name="Branch">Its branch.</param>
/// <param name="Tests">What the full tests said afterwards; null: they have not run.</param>
/// <param name="Unmerged">The branches that do not have it yet.</param>
public sealed record HotfixDebt(string Release, string Version, string Commit, string Branch, JournalEvent.FollowedUp? Tests, ImmutableArray<string> Unmerged)
{
    /// <summary>Whether nothing is owed any more.</summary>
    public bool IsPaid => Tests is { HasPassed: true } && Unmerged.IsEmpty;

    /// <summary>What is owed, as one line.</summary>
    public override string ToString()
    {
        var owed = new List<string>();
        if (Tests is null)
            owed.Add("the full tests have not run: ./build.sh TestHotfix");
        else if (!Tests.HasPassed)
            owed.Add($"the full tests FAILED: {Tests.Summary}");
        owed.AddRange(Unmerged.Select(x => $"not in {x} yet: ./build.sh :merge-back {Version} --into {x}"));
        return owed.Count == 0 ? $"The hotfix {Version} is tested and merged back." : $"The hotfix {Version} owes: {string.Join("; ", owed)}";
    }
}
