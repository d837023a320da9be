using System.Text.RegularExpressions;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Finds out who wrote what goes out. Their addresses are taken as they stand in the commits and as a mailmap gives them, because a mailmap is a file
/// that a release could bring along.
/// </summary>
/// <param name="processes">Starts git.</param>
/// <param name="root">The clone.</param>
sealed partial class CommitAuthors(IProcessRunner processes, AbsolutePath root)
{
    /// <summary>
    /// Where nothing is live: the authors of so many commits. All of them would be everybody who ever worked on it, and nobody would be left; a tag to count from
    /// could be set by who releases.
    /// </summary>
    public const int FirstTime = 100;

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Adds the authors of the commits that are in the release and were not live.</summary>
    /// <param name="own">Who it is added to.</param>
    /// <param name="liveCommit">Commit of the live release; null: nothing is live.</param>
    /// <param name="commit">Commit of the release.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="UserErrorException">It cannot be told: the clone does not have these commits.</exception>
    public async Task<Participants> AddToAsync(Participants own, string? liveCommit, string commit, CancellationToken cancellationToken)
    {
        foreach (var needed in (string?[])[commit, liveCommit])
        {
            if (needed is not null && (!GitObject.IsId(needed) || !await HasAsync(needed, cancellationToken)))
                throw new UserErrorException($"Who wrote the release cannot be told, because this clone does not have the commit {GitObject.Short(needed)}.", "Fetch it: git fetch --tags origin (in CI: check out with the whole history, 'fetch-depth: 0').");
        }

        if (await ReadAsync(["rev-parse", "--is-shallow-repository"], cancellationToken) == "true")
            throw new UserErrorException("Who wrote the release cannot be told, because this clone does not have the whole history.", "Fetch it: git fetch --unshallow (in CI: check out with 'fetch-depth: 0').");
        string[] range = liveCommit is null ? [$"--max-count={FirstTime}", commit] : [commit, $"^{liveCommit}"];
        var log = await ReadAsync(["log", "-z", "--no-notes", "--no-show-signature", "--format=%h%n%ae%n%aE%n%B", .. range, "--"], cancellationToken);
        foreach (var entry in log.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = entry.TrimStart('\n').Split('\n');
            if (lines.Length < 3)
                continue;
            own = own.With(lines[1..3], $"they wrote {lines[0]}, which goes out with it");
            own = own.With(lines[3..].Select(x => CoAuthor().Match(x)).Where(x => x.Success).Select(x => x.Groups[1].Value), $"they wrote a part of {lines[0]}, which goes out with it");
        }

        return own;
    }

    async Task<bool> HasAsync(string commit, CancellationToken cancellationToken) =>
        (await processes.RunAsync(Git(["cat-file", "-e", $"{commit}^{{commit}}"]).WithAnyExitCode(), cancellationToken: cancellationToken)).ExitCode == 0;

    // Not through the redactor, which would change addresses that happen to be secrets.
    Task<string> ReadAsync(string[] arguments, CancellationToken cancellationToken) => GitObject.ReadAsync(processes, Git(arguments), cancellationToken);

    ToolCommand Git(string[] arguments) => GitObject.Command(root, arguments) with { Timeout = Limit };

    [GeneratedRegex(@"^\s*co-authored-by\s*:.*?<\s*([^<>\s]+)\s*>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CoAuthor();
}
