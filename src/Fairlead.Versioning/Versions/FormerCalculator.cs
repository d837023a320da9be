using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>
/// From history to version; pure. A tagged commit has the version of its tag. Any other has a pre-release of the next version, which
/// is the latest release raised by what the commits since say (Conventional Commits): breaking → major (minor below 1.0.0), feat → minor,
/// anything else → patch. Before the first tag the next version is 0.1.0.
/// </summary>
/// <remarks>
/// The pre-release is <c>label.distance</c>. After a pre-release tag of the next version it continues that tag (<c>1.3.0-rc.1.4</c>).
/// So a version is higher than that of every tag in its past, and lower than the release it leads to.
/// </remarks>
public static class FormerCalculator
{
    const int LongestLabel = 40;
    const int DirtyHashLength = 10;

    static readonly SemanticVersion First = new(0, 1, 0);

    /// <summary>Calculates the version of the head of a history.</summary>
    public static ReleaseVersion Calculate(GitHistory history, VersionSettings settings)
    {
        var tag = TagOfHead(history.Tags, history.Head);
        var version = tag?.Version ?? Next(history, settings);
        return new ReleaseVersion
        {
            Version = version.WithPreRelease(PreRelease(version, history.DirtyHash)),
            Commit = history.Head,
            CommitTime = history.Commits.First(x => x.Id == history.Head).Time,
            Branch = history.Branch,
            IsDirty = history.DirtyHash is not null,
            Tag = tag,
            BaseTag = FindBase(history.Tags, history.Head),
            Commits = history.Commits,
            RemoteUrl = history.RemoteUrl,
        };
    }

    /// <summary>
    /// The tag that a history starts from: the highest release in the past of the head. When the head has a version tag itself, the
    /// highest one below that. Pre-releases are left out, so that the notes of a release tell all that came since the last release.
    /// </summary>
    public static GitTag? FindBase(ImmutableArray<GitTag> tags, string head)
    {
        var own = TagOfHead(tags, head);
        return tags
            .Where(x => !x.Version.IsPreRelease && x.Commit != head && (own is null || x.Version < own.Version))
            .MaxBy(x => x.Version);
    }

    /// <summary>What one commit raises.</summary>
    public static VersionIncrement Increment(ConventionalCommit commit) =>
        commit.IsBreaking ? VersionIncrement.Major
        : commit.Type == "feat" ? VersionIncrement.Minor
        : VersionIncrement.Patch;

    /// <summary>
    /// The label of a branch's pre-releases, as GitVersion's workflows have them: <c>alpha</c> for main, master, trunk and develop,
    /// <c>beta</c> for release and hotfix branches, otherwise the name of the branch (without <c>feature/</c>) made fit for a version:
    /// lower case, other characters as hyphens, at most 40 of them. A detached head has the label <c>detached</c>.
    /// </summary>
    public static string Label(string? branch)
    {
        if (branch is null)
            return "detached";
        var name = branch.ToLowerInvariant();
        if (name is "main" or "master" or "trunk" or "develop" or "development")
            return "alpha";
        if (StartsWithWord(name, "release", "releases", "hotfix", "hotfixes") is not null)
            return "beta";
        name = StartsWithWord(name, "feature", "features") ?? name;
        var label = string.Concat(name.Select(x => char.IsAsciiLetterOrDigit(x) ? x : '-')).Trim('-');
        if (label.Length > LongestLabel)
            label = label[..LongestLabel].TrimEnd('-');
        // Digits alone would be a number, which has another order and may not begin with a zero.
        return label.All(char.IsAsciiDigit) ? $"branch-{label}".TrimEnd('-') : label;
    }

    static SemanticVersion Next(GitHistory history, VersionSettings settings)
    {
        var next = FindBase(history.Tags, history.Head) is { } from
            ? Raise(from.Version, history.Commits.Max(x => Increment(ConventionalCommit.Parse(x.Message))))
            : First;
        if (settings.NextVersion is { } wanted && wanted.Core > next)
            next = wanted.Core;

        var preRelease = history.Tags.Where(x => x.Version.IsPreRelease).MaxBy(x => x.Version);
        return preRelease is not null && preRelease.Version.Core >= next
            ? preRelease.Version.WithPreRelease($"{preRelease.Version.PreRelease}.{DistanceFrom(preRelease.Commit, history.Commits)}")
            : next.WithPreRelease($"{Label(history.Branch)}.{history.Commits.Length}");
    }

    static SemanticVersion Raise(SemanticVersion version, VersionIncrement increment) => increment switch
    {
        VersionIncrement.Major when version.Major > 0 => new(version.Major + 1, 0, 0),
        VersionIncrement.Major or VersionIncrement.Minor => new(version.Major, version.Minor + 1, 0),
        _ => new(version.Major, version.Minor, version.Patch + 1),
    };

    static GitTag? TagOfHead(ImmutableArray<GitTag> tags, string head) => tags.Where(x => x.Commit == head).MaxBy(x => x.Version);

    static int DistanceFrom(string commit, ImmutableArray<GitCommit> commits)
    {
        var parents = commits.ToDictionary(x => x.Id, x => x.Parents);
        var past = new HashSet<string>();
        var open = new Stack<string>([commit]);
        while (open.TryPop(out var id))
        {
            if (parents.TryGetValue(id, out var next) && past.Add(id))
            {
                foreach (var parent in next)
                    open.Push(parent);
            }
        }

        return commits.Length - past.Count;
    }

    static string PreRelease(SemanticVersion version, string? dirtyHash)
    {
        if (dirtyHash is null)
            return version.PreRelease;
        // The x keeps a hash of digits alone from being a number with a leading zero, which no version may have.
        var dirty = $"dirty.x{dirtyHash[..Math.Min(DirtyHashLength, dirtyHash.Length)]}";
        return version.IsPreRelease ? $"{version.PreRelease}-{dirty}" : dirty;
    }

    static string? StartsWithWord(string name, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (name.Length > word.Length && name.StartsWith(word, StringComparison.Ordinal) && name[word.Length] is '/' or '-')
                return name[(word.Length + 1)..];
        }

        return null;
    }
}
