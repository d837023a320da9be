using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>
/// Makes release commits and tags, all or nothing. The commit is made of objects that nobody sees; then the intent is written down, the tags are set, and the
/// branch moves: this is the moment from which the release exists. What was interrupted before is taken back by the next run, what was interrupted after is completed.
/// </summary>
/// <param name="processes">Starts git.</param>
/// <param name="root">The root of the work tree.</param>
public sealed class ReleaseTagger(IProcessRunner processes, AbsolutePath root)
{
    /// <summary>Makes the commit and the tags. Commits and tags are signed when git is set to sign either (<c>commit.gpgSign</c>, <c>tag.gpgSign</c>).</summary>
    /// <returns>Full id of the commit that the tags lead to.</returns>
    /// <exception cref="UserErrorException">A tag exists, the branch has moved meanwhile, or git refused; nothing has happened then.</exception>
    public async Task<string> ApplyAsync(ReleaseCommit release, CancellationToken cancellationToken = default)
    {
        if (!release.Files.IsEmpty && release.Branch is null)
            throw new UserErrorException("No branch is checked out, so a commit would belong to none.", "git switch BRANCH");
        using var alone = await LockAsync(cancellationToken);
        await RecoverUnderLockAsync(cancellationToken);
        var files = await DirectoryAsync(cancellationToken);
        if (Unfinished.FirstOrDefault(x => (files.Parent / x.File).Exists()) is { File: not null } unfinished)
            throw new UserErrorException($"A {unfinished.What} is under way in this work tree.", $"Finish it, or end it: git {unfinished.What} --abort");
        foreach (var file in release.Files)
        {
            if ((await processes.RunAsync(Git.Command(root, "check-ignore", "--quiet", "--", file.Path).WithAnyExitCode(), cancellationToken: cancellationToken)).ExitCode == 0)
                throw new UserErrorException($"'{file.Path}' is ignored by git, and would be committed.", "Take it out of .gitignore, or out of the files of the release.");
        }

        foreach (var tag in release.Tags)
        {
            if (await CommitOfAsync("refs/tags/" + tag.Name, cancellationToken) is { } taken)
                throw new UserErrorException($"There is a tag '{tag.Name}' already, on {taken[..7]}.", "Choose another version; a tag that others may have is not moved.");
        }

        var (signsCommit, signsTag) = await SignsAsync(cancellationToken);
        var commit = release.Files.IsEmpty ? release.Parent : await CommitAsync(release, files, signsCommit, cancellationToken);
        var intent = new UnfinishedRelease(release.Files.IsEmpty ? null : release.Branch, release.Parent, commit, [.. release.Tags.Select(x => x.Name)]);
        intent.Write(files / Intent);
        try
        {
            foreach (var tag in release.Tags)
                await RunAsync(["tag", "--annotate", signsTag ? "--sign" : "--no-sign", "--cleanup=whitespace", "--file=-", tag.Name, commit], cancellationToken, tag.Message);

            if (intent.Branch is { } branch)
                await RunAsync(["update-ref", "-m", "release", branch, commit, release.Parent], cancellationToken);
        }
        catch (Exception exception) when (exception is ProcessFailedException or OperationCanceledException)
        {
            // Not with the caller's token: what was begun is taken back also when it was he who stopped it.
            await RecoverUnderLockAsync(CancellationToken.None);
            if (exception is OperationCanceledException)
                throw;
            throw new UserErrorException(
                $"git did not make the release, and nothing has changed: {((ProcessFailedException)exception).Result.StandardError.Trim()}", "Mend what git says, and run it again.", exception);
        }

        await RecoverUnderLockAsync(CancellationToken.None);
        return commit;
    }

    /// <summary>Completes a release that was interrupted after its branch had moved, and takes one back that was interrupted before.</summary>
    /// <returns>What was done, in a sentence; null when nothing was interrupted.</returns>
    /// <exception cref="UserErrorException">Files in the work tree have been changed meanwhile.</exception>
    public async Task<string?> RecoverAsync(CancellationToken cancellationToken = default)
    {
        using var alone = await LockAsync(cancellationToken);
        return await RecoverUnderLockAsync(cancellationToken);
    }

    async Task<string?> RecoverUnderLockAsync(CancellationToken cancellationToken)
    {
        var directory = await DirectoryAsync(cancellationToken);
        var file = directory / Intent;
        if (UnfinishedRelease.Read(file) is not { } unfinished)
            return null;
        var tags = string.Join(", ", unfinished.Tags);
        var exists = unfinished.Branch is { } branch
            ? await IsInPastOfAsync(unfinished.Commit, branch, cancellationToken)
            : (await Task.WhenAll(unfinished.Tags.Select(x => CommitOfAsync("refs/tags/" + x, cancellationToken)))).All(x => x == unfinished.Commit);
        if (exists)
        {
            if (unfinished.Branch is not null)
                await UpdateWorkTreeAsync(unfinished, cancellationToken);
        }
        else
        {
            foreach (var tag in unfinished.Tags)
            {
                if (await CommitOfAsync("refs/tags/" + tag, cancellationToken) == unfinished.Commit)
                    await RunAsync(["tag", "--delete", tag], cancellationToken);
            }
        }

        file.DeleteFile();
        return exists ? $"The release {tags}, which was interrupted, is complete now." : $"The release {tags}, which was interrupted before it existed, is taken back.";
    }

    static readonly (string File, string What)[] Unfinished =
        [("MERGE_HEAD", "merge"), ("CHERRY_PICK_HEAD", "cherry-pick"), ("REVERT_HEAD", "revert"), ("rebase-merge", "rebase"), ("rebase-apply", "rebase")];

    const string Intent = "unfinished-release.json";

    async Task<string> CommitAsync(ReleaseCommit release, AbsolutePath directory, bool signs, CancellationToken cancellationToken)
    {
        // Nobody else is here; what is left was left by one who was killed.
        var work = (directory / "release").CreateOrCleanDirectory();
        var index = work / "index";
        var content = work / "file";
        try
        {
            await RunAsync(["read-tree", release.Parent], cancellationToken, index: index);
            foreach (var file in release.Files)
            {
                await File.WriteAllBytesAsync(content, [.. file.Content], cancellationToken);
                // With the path, so that git converts line endings as it does for that file.
                var blob = await RunAsync(["hash-object", "-w", "--path=" + file.Path, content], cancellationToken);
                var known = await RunAsync(["ls-files", "--stage", "--", ":(literal)" + file.Path], cancellationToken, index: index);
                var mode = known.Length > 0 ? known[..known.IndexOf(' ', StringComparison.Ordinal)] : "100644";
                await RunAsync(["update-index", "--add", "--cacheinfo", $"{mode},{blob},{file.Path}"], cancellationToken, index: index);
            }

            var tree = await RunAsync(["write-tree"], cancellationToken, index: index);
            return await RunAsync(["commit-tree", tree, "-p", release.Parent, "-F", "-", .. signs ? (IEnumerable<string>)["-S"] : []], cancellationToken, release.Message);
        }
        catch (ProcessFailedException failure)
        {
            throw new UserErrorException($"git did not make the commit, and nothing has changed: {failure.Result.StandardError.Trim()}", "Mend what git says, and run it again.", failure);
        }
        finally
        {
            work.DeleteDirectory();
        }
    }

    // Two trees: what is as it was becomes what it shall be, and what somebody has changed since stops it.
    async Task UpdateWorkTreeAsync(UnfinishedRelease release, CancellationToken cancellationToken)
    {
        var head = (await processes.RunAsync(Git.Command(root, "symbolic-ref", "--quiet", "HEAD").WithAnyExitCode(), cancellationToken: cancellationToken)).StandardOutput;
        if (head != release.Branch || await CommitOfAsync("HEAD", cancellationToken) != release.Commit)
            return;
        try
        {
            // What was touched and is as it was is no change.
            await processes.RunAsync(Git.Command(root, "update-index", "-q", "--refresh").WithAnyExitCode(), cancellationToken: cancellationToken);
            await RunAsync(["read-tree", "-m", "-u", release.Parent, release.Commit], cancellationToken);
        }
        catch (ProcessFailedException failure)
        {
            throw new UserErrorException(
                $"The release {string.Join(", ", release.Tags)} exists, but the files of the work tree could not be brought to it: {failure.Result.StandardError.Trim()}",
                failure.Result.StandardError.Contains("index.lock", StringComparison.Ordinal)
                    ? "Wait for the git that is running, or remove the lock if none is; then run it again: it goes on from here."
                    : "git stash, then run it again: it goes on from here.",
                failure);
        }
    }

    // Who signs commits signs tags too, unless git is told not to.
    async Task<(bool Commit, bool Tag)> SignsAsync(CancellationToken cancellationToken)
    {
        var commit = await FlagAsync("commit.gpgSign") ?? false;
        return (commit, await FlagAsync("tag.gpgSign") ?? commit);

        async Task<bool?> FlagAsync(string key) =>
            (await processes.RunAsync(Git.Command(root, "config", "--type=bool", "--get", key).WithAnyExitCode(), cancellationToken: cancellationToken)).StandardOutput is { Length: > 0 } value ? value == "true" : null;
    }

    // Of all work trees of the repository: they share branches and tags. The system gives the lock back when this process ends, however it ends.
    async Task<IDisposable> LockAsync(CancellationToken cancellationToken)
    {
        var common = AbsolutePath.Create(await RunAsync(["rev-parse", "--path-format=absolute", "--git-common-dir"], cancellationToken));
        var file = (common / "fairlead").CreateDirectory() / "release.lock";
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (file.FileExists())
        {
            throw new UserErrorException($"Another release of this repository is being made right now ('{file}' is locked).", "Wait for it, and run this again.", exception);
        }
    }

    async Task<AbsolutePath> DirectoryAsync(CancellationToken cancellationToken) =>
        (AbsolutePath.Create(await RunAsync(["rev-parse", "--path-format=absolute", "--git-dir"], cancellationToken)) / "fairlead").CreateDirectory();

    async Task<string?> CommitOfAsync(string reference, CancellationToken cancellationToken)
    {
        var result = await processes.RunAsync(Git.RevParse(root, reference + "^{commit}").WithAnyExitCode(), cancellationToken: cancellationToken);
        return result.ExitCode == 0 ? result.StandardOutput : null;
    }

    async Task<bool> IsInPastOfAsync(string commit, string reference, CancellationToken cancellationToken) =>
        (await processes.RunAsync(Git.Command(root, "merge-base", "--is-ancestor", commit, reference).WithAnyExitCode(), cancellationToken: cancellationToken)).ExitCode == 0;

    async Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken, string? input = null, AbsolutePath? index = null)
    {
        var command = Git.Command(root, arguments) with { StandardInput = input };
        if (index is not null)
            command = command.WithEnvironment("GIT_INDEX_FILE", index);
        return (await processes.RunAsync(command, cancellationToken: cancellationToken)).StandardOutput;
    }
}
