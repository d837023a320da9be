using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Brings hotfixes back into the branches from which the next releases come. Touches neither work tree nor index, and pushes nothing.</summary>
/// <param name="runner">Starts git.</param>
/// <param name="directory">The repository.</param>
public sealed class MergeBack(IProcessRunner runner, AbsolutePath directory)
{
    /// <summary>Which of some branches exist and do not have a commit. A branch is looked for at <c>origin</c> first.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="branches">Names of branches.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    public async Task<ImmutableArray<string>> UnmergedAsync(string commit, IEnumerable<string> branches, CancellationToken cancellationToken)
    {
        var unmerged = ImmutableArray.CreateBuilder<string>();
        foreach (var branch in branches)
        {
            if (await FindAsync(branch, cancellationToken) is { } reference && !await HasAsync(reference, commit, cancellationToken))
                unmerged.Add(branch);
        }

        return unmerged.ToImmutable();
    }

    /// <summary>Makes a branch with the hotfix merged into another, for a pull request.</summary>
    /// <param name="version">Version of the hotfix.</param>
    /// <param name="commit">Its commit.</param>
    /// <param name="into">The branch that is to get it.</param>
    /// <param name="cancellationToken">Stops before anything is changed.</param>
    /// <returns>What was done, for people.</returns>
    /// <exception cref="UserErrorException">A branch or commit is not there, or there are conflicts, which are named.</exception>
    public async Task<string> PrepareAsync(string version, string commit, string into, CancellationToken cancellationToken)
    {
        var target = await FindAsync(into, cancellationToken) ?? throw new UserErrorException($"There is no branch '{into}', here or at origin.", "Name one with '--into BRANCH', or fetch it: git fetch origin");
        if ((await GitAsync(["cat-file", "-e", $"{commit}^{{commit}}"], cancellationToken)).ExitCode != 0)
            throw new UserErrorException($"The commit {Short(commit)} of {version} is not in this clone.", "Fetch it: git fetch origin");
        if (await HasAsync(target, commit, cancellationToken))
            return $"{target} has {version} ({Short(commit)}) already; nothing was changed.";
        var merge = await GitAsync(["merge-tree", "--write-tree", "--name-only", "--no-messages", target, commit], cancellationToken);
        var lines = merge.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (merge.ExitCode == 1)
        {
            throw new UserErrorException(
                $"{version} ({Short(commit)}) cannot be merged into {target} by itself: {string.Join(", ", lines.Skip(1))} {(lines.Length == 2 ? "has" : "have")} conflicts. Nothing was changed.",
                $"Merge it by hand: git switch -c merge-back/{version} {target}, git merge {Short(commit)}, solve the conflicts, and open a pull request.");
        }

        if (merge.ExitCode != 0 || lines.Length == 0)
            throw new UserErrorException($"git could not merge {Short(commit)} into {target}: {merge.StandardError.Trim()}", "git 2.38 or newer is needed.");
        var branch = $"merge-back/{version}-into-{into}";
        var former = (await GitAsync(["rev-parse", "--verify", "--quiet", $"refs/heads/{branch}"], cancellationToken)).StandardOutput.Trim();
        if (former.Length > 0)
        {
            throw new UserErrorException(
                $"The branch {branch} is there already, and nothing of it is changed.", $"Push it: git push origin {branch}. Or delete it, when it is out of date: git branch -D {branch}");
        }

        var made = await GitAsync(["commit-tree", lines[0], "-p", target, "-p", commit, "-m", $"chore: merge the hotfix {version} back into {into}"], cancellationToken);
        if (made.ExitCode != 0)
            throw new UserErrorException($"git could not make the merge: {made.StandardError.Trim()}");
        var set = await GitAsync(["update-ref", $"refs/heads/{branch}", made.StandardOutput.Trim(), new string('0', 40)], cancellationToken);
        return set.ExitCode == 0
            ? $"Made the branch {branch}: {target} with {version} merged. Push it and open a pull request: git push origin {branch}"
            : throw new UserErrorException($"The branch {branch} could not be set: {set.StandardError.Trim()}");
    }

    /// <summary>Whether a branch has a commit: itself, or each of its changes by another commit (rebased, or squashed from one).</summary>
    async Task<bool> HasAsync(string reference, string commit, CancellationToken cancellationToken)
    {
        if ((await GitAsync(["merge-base", "--is-ancestor", commit, reference], cancellationToken)).ExitCode == 0)
            return true;
        var changes = await GitAsync(["cherry", reference, commit], cancellationToken);
        var lines = changes.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return changes.ExitCode == 0 && lines.Length > 0 && Array.TrueForAll(lines, x => x.StartsWith('-'));
    }

    async Task<string?> FindAsync(string branch, CancellationToken cancellationToken)
    {
        foreach (var reference in (string[])[$"refs/remotes/origin/{branch}", $"refs/heads/{branch}"])
        {
            if ((await GitAsync(["rev-parse", "--verify", "--quiet", reference], cancellationToken)).ExitCode == 0)
                return reference["refs/".Length..].Replace("remotes/", "", StringComparison.Ordinal).Replace("heads/", "", StringComparison.Ordinal);
        }

        return null;
    }

    Task<ProcessResult> GitAsync(ImmutableArray<string> arguments, CancellationToken cancellationToken) =>
        runner.RunAsync(Git.Command(directory, arguments).WithAnyExitCode(), cancellationToken: cancellationToken);

    static string Short(string commit) => commit.Length > 10 ? commit[..10] : commit;
}
