using System.Collections.Immutable;
using System.Globalization;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>
/// Reads what a version needs from a repository, with a fixed number of git processes (at most seven), however many tags and commits there
/// are.
/// </summary>
/// <param name="processes">Starts git.</param>
public sealed class GitHistoryReader(IProcessRunner processes)
{
    const int TagsAskedFirst = 16;

    /// <summary>Reads the history of the commit that is checked out.</summary>
    /// <param name="directory">A directory inside the work tree.</param>
    /// <param name="settings">Which tags name versions.</param>
    /// <param name="branch">
    /// The branch, for where git does not know it: continuous integration often checks out a detached head. By default git is asked.
    /// </param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <exception cref="UserErrorException">There is no repository, no commit, or only a part of the history (a shallow clone).</exception>
    public async Task<GitHistory> ReadAsync(
        AbsolutePath directory, VersionSettings settings, string? branch = null, CancellationToken cancellationToken = default)
    {
        var root = await FindRootAsync(directory, cancellationToken);
        var status = GitStatus.Parse(await TextAsync(
            Git.Command(root, "status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--no-renames"), cancellationToken));
        if (status.Head is not { } head)
        {
            throw new UserErrorException(
                $"The repository '{root}' has no commit yet, so there is nothing to take a version from.", "Make one: git add . && git commit");
        }

        // HEAD could move between two processes; the id cannot.
        var tags = await ReachableTagsAsync(root, head, settings, cancellationToken);
        List<string> range = [head];
        if (FormerCalculator.FindBase(tags, head) is { } from)
            range.Add("^" + from.Commit);
        var log = await TextAsync(
            Git.Command(root, ["-c", "i18n.logOutputEncoding=UTF-8", "log", "-z", "--format=tformat:%H%x00%P%x00%ct%x00%B", .. range, "--"]), cancellationToken);
        var remote = await processes.RunAsync(
            Git.Command(root, "config", "--get", "remote.origin.url").WithAnyExitCode(), cancellationToken: cancellationToken);
        return new GitHistory
        {
            Head = head,
            Branch = branch ?? status.Branch,
            DirtyHash = DirtyTree.Hash(root, status.Changes),
            Tags = tags,
            Commits = ReadCommits(log),
            RemoteUrl = remote.ExitCode == 0 ? WithoutCredentials(remote.StandardOutput) : null,
        };
    }

    async Task<AbsolutePath> FindRootAsync(AbsolutePath directory, CancellationToken cancellationToken)
    {
        ProcessResult result;
        try
        {
            result = await processes.RunAsync(
                Git.Command(directory, "rev-parse", "--is-shallow-repository", "--show-toplevel"), cancellationToken: cancellationToken);
        }
        catch (ProcessFailedException failure) when (failure.Result.StandardError.Contains("not a git repository", StringComparison.Ordinal))
        {
            throw new UserErrorException(
                $"'{directory}' is not inside a git repository, and the version is taken from git's history.",
                "Clone the repository with git instead of downloading its files, or make one: git init", failure);
        }

        var lines = result.StandardOutput.Split('\n', 2);
        if (lines[0] == "true")
        {
            throw new UserErrorException(
                $"The repository '{lines[1]}' is a shallow clone: the tags and commits that make the version are missing.",
                "git fetch --unshallow --tags");
        }

        return AbsolutePath.Create(lines[1]);
    }

    /// <summary>
    /// The version tags in the past of the head, down to the base at least. To ask git which of all the tags are in it costs a walk through
    /// the whole history; to ask about the highest few ends as soon as those are found, and the base is nearly always among them.
    /// </summary>
    async Task<ImmutableArray<GitTag>> ReachableTagsAsync(AbsolutePath root, string head, VersionSettings settings, CancellationToken cancellationToken)
    {
        var all = ReadTags(await TextAsync(
            Git.Command(root, "for-each-ref", "--format=%(refname:strip=2)%00%(objectname)%00%(*objectname)%00", "refs/tags"), cancellationToken), settings);
        List<GitTag> reachable = [.. all.Where(x => x.Commit == head)];
        var own = reachable.Max(x => x.Version);
        var candidates = all.Where(x => x.Commit != head && (own is null || x.Version < own)).OrderByDescending(x => x.Version).ToList();

        List<string> highest = [.. candidates.Take(TagsAskedFirst).Select(x => $"refs/tags/{x.Name}")];
        foreach (var patterns in candidates.Count > TagsAskedFirst ? [highest, ["refs/tags"]] : new[] { highest })
        {
            if (patterns.Count == 0 || reachable.Any(x => !x.Version.IsPreRelease && x.Commit != head))
                break;
            var merged = (await TextAsync(Git.Command(root, ["for-each-ref", $"--merged={head}", "--format=%(refname:strip=2)", .. patterns]), cancellationToken))
                .Split('\n').ToHashSet(StringComparer.Ordinal);
            reachable = [.. all.Where(x => x.Commit == head), .. candidates.Where(x => merged.Contains(x.Name))];
        }

        return [.. reachable];
    }

    async Task<string> TextAsync(ToolCommand command, CancellationToken cancellationToken) =>
        (await processes.RunAsync(command, cancellationToken: cancellationToken)).StandardOutput;

    // A reference's name holds no white space, so trimming takes only the line feed between two of them.
    static ImmutableArray<GitTag> ReadTags(string text, VersionSettings settings) =>
    [
        .. text.Split('\0').Chunk(3).Where(x => x.Length == 3)
            .Select(x => (Name: x[0].Trim(), Commit: x[2].Length > 0 ? x[2] : x[1]))
            .Select(x => (x.Name, x.Commit, Version: settings.VersionOf(x.Name)))
            .Where(x => x.Version is not null)
            .Select(x => new GitTag(x.Name, x.Commit, x.Version!)),
    ];

    // A message cannot hold a NUL: git ends it there.
    static ImmutableArray<GitCommit> ReadCommits(string text) =>
    [
        .. text.Split('\0').Chunk(4).Where(x => x.Length == 4).Select(x => new GitCommit(
            x[0],
            [.. x[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(x[2], CultureInfo.InvariantCulture)),
            x[3].TrimEnd('\n'))),
    ];

    static string WithoutCredentials(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0
            ? new UriBuilder(uri) { UserName = "", Password = "" }.Uri.AbsoluteUri
            : url;
}
