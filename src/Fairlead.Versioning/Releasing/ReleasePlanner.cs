using System.Globalization;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>From history and wish to the next release.</summary>
public static class ReleasePlanner
{
    /// <summary>Plans the release of a package.</summary>
    /// <param name="history">The repository.</param>
    /// <param name="configuration">The rules of the repository; the package narrows them.</param>
    /// <param name="package">What is released.</param>
    /// <param name="request">Which release.</param>
    /// <param name="environmentVariable">Looks up environment variables for labels; null: none is set.</param>
    /// <returns>Null when nothing has changed since the latest release.</returns>
    /// <exception cref="UserErrorException">There can be no such release; the message says why.</exception>
    public static PlannedRelease? Plan(
        RepositoryHistory history, VersioningConfiguration configuration, ReleasePackage package, ReleaseRequest request, Func<string, string?>? environmentVariable = null)
    {
        configuration = package.Narrow(configuration);
        var tags = VersionTags.Of(history, configuration);
        var past = history.Graph.PastOf(history.Head);
        var releases = tags.Where(x => past.Contains(x.Commit) && !x.Version.IsPreRelease).ToList();
        var latest = releases.MaxBy(x => x.Version);
        var touching = package.Paths.IsEmpty ? null : history.Graph.Contents.Touching(history.Head, package.Paths).ToHashSet();
        if (touching is { Count: 0 })
        {
            throw new UserErrorException(
                $"No commit has ever changed {string.Join(", ", package.Paths)}, so there is nothing to release as '{package.Name ?? "the whole"}'.", $"Correct 'paths' in {ReleaseSettingsReader.FileName}.");
        }

        var since = CommitsSince(history.Graph, past, releases.Select(x => x.Commit)).Where(x => touching is null || touching.Contains(x)).ToList();
        if (since.Count == 0 && latest is not null)
            return null;

        var versionRequest = new VersionRequest { Touching = touching, EnvironmentVariable = environmentVariable };
        if (request.PreRelease is { } label && tags.Where(x => past.Contains(x.Commit) && x.Version.PreRelease.StartsWith(label + ".", StringComparison.Ordinal)).MaxBy(x => x.Version) is { } candidate
            && !CommitsSince(history.Graph, past, [candidate.Commit]).Any(x => touching is null || touching.Contains(x)))
        {
            return null;
        }

        var version = Choose(history, configuration, request, tags, latest, since, versionRequest);
        if (request is { Type: null, Version: null } && latest is not null && version <= latest.Version && history.Graph.TimeOf(latest.Commit) > history.Graph.TimeOf(history.Head))
        {
            throw new UserErrorException(
                $"The clock ran backwards: '{latest.Name}' is on a commit that is dated after the one checked out, which comes after it, and GitVersion's rules leave such tags out. So {version} would follow {latest.Version}.",
                "Say what the release is (--release patch), or commit once more with the right time.");
        }

        var tag = PrefixOf(package, configuration, latest ?? tags.MaxBy(x => x.Version)) + version;
        if (tags.FirstOrDefault(x => x.Version == version) is { } taken)
        {
            throw new UserErrorException(
                $"{version} exists already: the tag '{taken.Name}' is on {history.Graph.IdOf(taken.Commit)[..7]}.",
                past.Contains(taken.Commit) ? "Choose a higher version." : $"It is not in the past of what is checked out. Choose another version, or go on from there: git switch --detach {taken.Name}");
        }

        if (tags.Where(x => past.Contains(x.Commit)).MaxBy(x => x.Version) is { } highest && highest.Version > version)
            throw new UserErrorException($"{version} is lower than {highest.Version}, which is in the past of what is checked out ('{highest.Name}').", "Choose a higher version.");
        return new PlannedRelease
        {
            Package = package,
            Version = version,
            Tag = tag,
            PreviousTag = latest?.Name,
            Commits = since.Count,
            Variables = AsTagged(history, configuration, versionRequest, tag),
        };
    }

    static SemanticVersion Choose(
        RepositoryHistory history, VersioningConfiguration configuration, ReleaseRequest request, IReadOnlyList<RepositoryTag> tags, RepositoryTag? latest, List<int> since, VersionRequest versionRequest)
    {
        if (request.Version is { } exact)
        {
            return request.Type is null && request.PreRelease is null
                ? new SemanticVersion(exact.Major, exact.Minor, exact.Patch, exact.PreRelease)
                : throw new UserErrorException($"{exact} is a whole version; a type or a label cannot be added to it.", "Leave out the one or the other.");
        }

        var core = request.Type switch
        {
            ReleaseType.Major => new SemanticVersion((latest?.Version.Major ?? 0) + 1, 0, 0),
            ReleaseType.Minor => new SemanticVersion(latest?.Version.Major ?? 0, (latest?.Version.Minor ?? 0) + 1, 0),
            ReleaseType.Patch => Patch(latest),
            ReleaseType.Hotfix => Hotfix(history.Graph, latest, since),
            _ => VersionCalculator.Calculate(history, configuration, versionRequest).Version.Core,
        };
        return request.PreRelease is { } label ? core.WithPreRelease(Numbered(label, core, tags)) : core;
    }

    static SemanticVersion Patch(RepositoryTag? latest) =>
        latest is null ? new SemanticVersion(0, 0, 1) : new SemanticVersion(latest.Version.Major, latest.Version.Minor, latest.Version.Patch + 1);

    static SemanticVersion Hotfix(CommitGraph graph, RepositoryTag? latest, List<int> since)
    {
        if (latest is null)
            throw new UserErrorException("There is no release yet that a hotfix could mend.", "Make a release first: leave out '--release hotfix'.");
        graph.Contents.Prefetch(since);
        var more = since.Select(x => (Commit: x, Change: ConventionalCommit.Parse(graph.Contents.MessageOf(x)))).Where(x => x.Change.IsBreaking || x.Change.Type == "feat").ToList();
        return more.Count == 0
            ? Patch(latest)
            : throw new UserErrorException(
                $"A hotfix brings corrections alone, and since {latest.Name} there {(more.Count == 1 ? "is" : "are")} also: {string.Join("; ", more.Take(5).Select(x => $"{graph.IdOf(x.Commit)[..7]} {x.Change.Description}"))}{(more.Count > 5 ? $"; and {more.Count - 5} more" : "")}.",
                $"Start from the release (git switch --create hotfix/{Patch(latest)} {latest.Name}) and take the correction there, or release what there is with '--release minor'.");
    }

    static string Numbered(string label, SemanticVersion core, IReadOnlyList<RepositoryTag> tags)
    {
        if (!SemanticVersion.TryParse($"{core}-{label}.1", out _) || label.Contains('.', StringComparison.Ordinal) || label.All(char.IsAsciiDigit))
            throw new UserErrorException($"'{label}' is no label of a pre-release.", "Use letters, digits and hyphens: --pre rc");
        var last = tags.Where(x => x.Version.Core == core && x.Version.PreRelease.StartsWith(label + ".", StringComparison.Ordinal))
            .Select(x => int.TryParse(x.Version.PreRelease[(label.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .DefaultIfEmpty(0).Max();
        return string.Create(CultureInfo.InvariantCulture, $"{label}.{last + 1}");
    }

    /// <summary>The variables as they will be when the tag is there.</summary>
    static VersionVariables AsTagged(RepositoryHistory history, VersioningConfiguration configuration, VersionRequest request, string tag)
    {
        var reference = new GitReference("refs/tags/" + tag, history.Head);
        var tagged = history with { ReleaseTags = [tag], References = [.. history.References.Append(reference).OrderBy(x => x.Name, StringComparer.Ordinal)] };
        return VersionCalculator.Calculate(tagged, configuration, request).Variables;
    }

    // As the tags before it: v1.2.0 is followed by v1.3.0, and 1.2.0 by 1.3.0.
    static string PrefixOf(ReleasePackage package, VersioningConfiguration configuration, RepositoryTag? former)
    {
        if (package.TagPrefix is { } own)
            return own;
        if (former is not null)
        {
            var bare = configuration with { TagPrefix = "" };
            return former.Name[..Enumerable.Range(0, former.Name.Length).First(x => char.IsAsciiDigit(former.Name[x]) && VersionTags.IsVersion(former.Name[x..], bare))];
        }

        return VersionTags.IsVersion("v1.0.0", configuration) ? "v" : VersionTags.IsVersion("1.0.0", configuration)
            ? ""
            : throw new UserErrorException(
                $"'tag-prefix: {configuration.TagPrefix}' allows neither 'v1.0.0' nor '1.0.0', so nobody knows yet how tags are to be named.", "Set the first tag yourself: git tag -a NAME; later ones follow it.");
    }

    static IEnumerable<int> CommitsSince(CommitGraph graph, CommitSet past, IEnumerable<int> releases)
    {
        var released = graph.PastOf([.. releases]);
        return Enumerable.Range(0, graph.Count).Where(x => past.Contains(x) && !released.Contains(x));
    }
}
