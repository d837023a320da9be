using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// The store's repository, worked on from a bare one in the state directory: never from the user's clone, whose refs, settings and hooks
/// are not touched. What is stored are commits of the empty tree whose messages are the content: one object for each change, and
/// chains that only grow, so that also a repository that refuses to rewind refs takes them.
/// </summary>
/// <param name="processes">
/// Starts git. Must not redact: what is read here is data, which a secret that is an ordinary word would change. Errors are redacted where they are shown.
/// </param>
/// <param name="directory">Where the bare repository is made.</param>
/// <param name="options">Where the store is.</param>
/// <param name="time">The clock.</param>
sealed class GitRemote(IProcessRunner processes, AbsolutePath directory, GitStoreOptions options, TimeProvider time) : IDisposable
{
    const string EmptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
    const string Name = "store";

    // What another git around this one may have set, and would lead away from the repository.
    static readonly ImmutableArray<string> Foreign =
    [
        "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_QUARANTINE_PATH", "GIT_COMMON_DIR",
        "GIT_PREFIX", "GIT_CONFIG_PARAMETERS", "GIT_SHALLOW_FILE",
    ];

    static readonly TimeSpan LocalLimit = TimeSpan.FromMinutes(1);
    static readonly TimeSpan FetchLimit = TimeSpan.FromMinutes(2);
    static readonly TimeSpan ShortestTry = TimeSpan.FromSeconds(1);
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    readonly SemaphoreSlim _opening = new(1);
    Opened? _opened;

    // Whether several refs can be moved together or not at all: as long as the repository has not said otherwise.
    volatile bool _isAtomic = true;

    /// <summary>The URL without what signs in; empty before the first use.</summary>
    public string Display => _opened?.Source.Display ?? options.Remote;

    /// <summary>Where the refs are now.</summary>
    /// <exception cref="RemoteUnreachableException">It could not be reached.</exception>
    public async Task<RemoteRefs> LookAsync(string environment, TimeSpan limit, CancellationToken cancellationToken)
    {
        var result = await RunAsync(limit, null, ["ls-remote", "--quiet", Name, RemoteRefs.AllOf(environment)], cancellationToken);
        return result.ExitCode == 0 ? RemoteRefs.Read(result.StandardOutput, environment) : throw Unreachable(result);
    }

    /// <summary>Where the refs were when the repository was last spoken to.</summary>
    public async Task<RemoteRefs> RecallAsync(string environment, CancellationToken cancellationToken)
    {
        var result = await RunAsync(LocalLimit, null, ["for-each-ref", "--format=%(objectname) %(refname)", $"refs/fairlead/{environment}/"], cancellationToken);
        return RemoteRefs.Read(result.StandardOutput, environment);
    }

    /// <summary>The content of one commit, fetched where that is needed.</summary>
    public async Task<string> ReadAsync(string environment, string commit, CancellationToken cancellationToken) =>
        (await LogAsync(environment, commit, cancellationToken, "-1")).Trim();

    /// <summary>The contents of a chain, the oldest first, in lines with empty ones between, fetched where that is needed.</summary>
    public Task<string> ReadChainAsync(string environment, string tip, CancellationToken cancellationToken) =>
        LogAsync(environment, tip, cancellationToken, "--reverse", "--first-parent");

    /// <summary>Makes a commit, here alone.</summary>
    /// <param name="content">One line.</param>
    /// <param name="parent">What it follows, or null.</param>
    public async Task<string> WriteAsync(string content, string? parent)
    {
        var result = await RunAsync(LocalLimit, content + "\n", ["commit-tree", EmptyTree, .. parent is null ? (string[])[] : ["-p", parent], "-F", "-"], CancellationToken.None);
        return result.ExitCode == 0 ? result.StandardOutput : throw new RemoteUnreachableException($"git could not write into {_opened!.Cache}: {LastLine(result)}");
    }

    /// <summary>
    /// Moves refs, all or none where the repository can do that and otherwise one after the other. Tries again until it is known what
    /// happened: an answer that was lost on its way is no failure.
    /// </summary>
    /// <returns>Null when they were moved; otherwise where they are, because somebody else has moved one.</returns>
    /// <exception cref="RemoteUnreachableException">That did not succeed in time. It may still happen, unless somebody else is faster.</exception>
    public async Task<RemoteRefs?> MoveAsync(string environment, ImmutableArray<RefUpdate> updates, TimeSpan patience, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var pause = FirstPause;
        while (true)
        {
            var failure = await PushAsync(updates, Left(), cancellationToken);
            if (failure is null)
                return null;
            try
            {
                var refs = await LookAsync(environment, Left(), cancellationToken);
                updates = [.. updates.Where(x => refs[x.Name] != x.Next)];
                if (updates.IsEmpty)
                    return null;
                if (updates.Any(x => refs[x.Name] != x.Expected))
                    return refs;
            }
            catch (RemoteUnreachableException)
            {
                // The push said the same.
            }

            if (time.GetElapsedTime(start) >= patience)
                throw new RemoteUnreachableException(failure);
            await Task.Delay(Jittered(pause), time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        TimeSpan Left() => patience - time.GetElapsedTime(start) is var left && left > ShortestTry ? left : ShortestTry;
    }

    /// <summary>Lets git tidy up when there is much to tidy up. Nothing depends on it.</summary>
    public Task TidyAsync() => RunAsync(LocalLimit, null, ["gc", "--auto", "--quiet"], CancellationToken.None);

    public void Dispose() => _opening.Dispose();

    /// <summary>Between half and one and a half times as long, so that those who met once do not meet again.</summary>
    public static TimeSpan Jittered(TimeSpan time) => time * (0.5 + Random.Shared.NextDouble());

    /// <returns>Null, or why not.</returns>
    async Task<string?> PushAsync(ImmutableArray<RefUpdate> updates, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (updates.Length > 1 && !_isAtomic)
        {
            foreach (var update in updates)
            {
                if (await PushAsync([update], limit, cancellationToken) is { } failure)
                    return failure;
            }

            return null;
        }

        var result = await RunAsync(limit, null,
        [
            "push", "--porcelain", "--no-verify", "--no-signed", "--no-follow-tags", "--recurse-submodules=no", .. updates.Length > 1 ? (string[])["--atomic"] : [],
            .. updates.Select(x => $"--force-with-lease={x.Name}:{x.Expected}"), Name, .. updates.Select(x => $"{x.Next}:{x.Name}"),
        ], cancellationToken);
        if (result.ExitCode == 0)
            return null;
        if (updates.Length > 1 && result.StandardError.Contains("does not support --atomic", StringComparison.Ordinal))
        {
            _isAtomic = false;
            return await PushAsync(updates, limit, cancellationToken);
        }

        return result.Lines.FirstOrDefault(x => x.Text.StartsWith('!')).Text is { } refused ? Clean(refused.Split('\t')[^1]) : Unreachable(result).Message;
    }

    async Task<string> LogAsync(string environment, string commit, CancellationToken cancellationToken, params string[] range)
    {
        string[] log = ["log", .. range, "--no-show-signature", "--no-notes", "--format=%B", commit];
        var result = await RunAsync(LocalLimit, null, log, cancellationToken);
        // Two commands may fetch into the same repository at once, and one of them fail over the other's lock.
        for (var tries = 0; result.ExitCode != 0; tries++)
        {
            var fetched = await RunAsync(
                FetchLimit, null,
                ["fetch", "--quiet", "--no-tags", "--no-prune", "--no-write-fetch-head", "--no-auto-gc", "--recurse-submodules=no", Name, $"+{RemoteRefs.AllOf(environment)}:{RemoteRefs.AllOf(environment)}"],
                cancellationToken);
            result = await RunAsync(LocalLimit, null, log, cancellationToken);
            if (result.ExitCode == 0)
                break;
            if (tries == 2)
                throw Unreachable(fetched.ExitCode == 0 ? result : fetched);
            await Task.Delay(Jittered(FirstPause), time, cancellationToken);
        }

        return result.StandardOutput;
    }

    async Task<ProcessResult> RunAsync(TimeSpan limit, string? input, string[] arguments, CancellationToken cancellationToken)
    {
        var opened = await OpenAsync(cancellationToken);
        try
        {
            return await processes.RunAsync(Command(opened, arguments) with { StandardInput = input, Timeout = limit }, cancellationToken: cancellationToken);
        }
        catch (ProcessFailedException exception) when (exception.TimedOut)
        {
            throw new RemoteUnreachableException($"git {arguments[0]} had no answer within {limit.TotalSeconds:0.#} s");
        }
    }

    async Task<Opened> OpenAsync(CancellationToken cancellationToken)
    {
        if (_opened is { } opened)
            return opened;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_opened is null)
            {
                var source = await GitSource.FindAsync(processes, options, cancellationToken);
                var cache = directory / $".store-{source.Id}.git";
                if (!(cache / "HEAD").FileExists())
                    await MakeAsync(cache, cancellationToken);
                _opened = new Opened(source, cache);
            }

            return _opened;
        }
        finally
        {
            _opening.Release();
        }
    }

    async Task MakeAsync(AbsolutePath cache, CancellationToken cancellationToken)
    {
        FileDeploymentStore.CreatePrivateDirectory(directory);
        var temporary = directory / $".store-{Guid.NewGuid():N}.tmp";
        try
        {
            FileDeploymentStore.CreatePrivateDirectory(temporary);
            var made = new Opened(new GitSource(options.Remote, []), temporary);
            foreach (var arguments in (string[][])[["init", "--quiet", "--bare", "--template=", temporary], ["mktree"]])
                await processes.RunAsync(Command(made, arguments) with { SuccessExitCodes = [0], Timeout = LocalLimit }, cancellationToken: cancellationToken);
            Directory.Move(temporary, cache);
        }
        catch (IOException) when ((cache / "HEAD").FileExists())
        {
            // Another command was faster.
        }
        finally
        {
            temporary.DeleteDirectory();
        }
    }

    /// <summary>The source goes by environment variables, which other users of the machine do not see, and not into a file.</summary>
    static ToolCommand Command(Opened opened, IEnumerable<string> arguments)
    {
        ImmutableArray<(string Key, string Value)> settings =
        [
            ($"remote.{Name}.url", opened.Source.Url), ($"remote.{Name}.fetch", "+refs/fairlead/*:refs/fairlead/*"), ("core.hooksPath", "/dev/null"),
            ("gc.autoDetach", "false"), ("log.showSignature", "false"), .. opened.Source.Settings,
        ];
        var named = settings.Select((x, i) => (x.Key, x.Value, Variable: $"FAIRLEAD_STORE_{i}")).ToList();
        var command = (Git.Command(opened.Cache, [.. named.Select(x => $"--config-env={x.Key}={x.Variable}"), .. arguments]).WithAnyExitCode() with { Secrets = opened.Source.Secrets })
            .WithEnvironment("GIT_DIR", opened.Cache)
            // Nobody is asked for anything: not by git, and not by ssh, which has no terminal here.
            .WithEnvironment("GIT_ASKPASS", "true").WithEnvironment("SSH_ASKPASS", "true").WithEnvironment("SSH_ASKPASS_REQUIRE", "force")
            .WithEnvironment("GIT_AUTHOR_NAME", "fairlead").WithEnvironment("GIT_AUTHOR_EMAIL", "fairlead@localhost")
            .WithEnvironment("GIT_COMMITTER_NAME", "fairlead").WithEnvironment("GIT_COMMITTER_EMAIL", "fairlead@localhost");
        command = named.Aggregate(command, (x, setting) => x.WithEnvironment(setting.Variable, setting.Value));
        return Foreign.Aggregate(command, (x, variable) => x.WithEnvironment(variable, null));
    }

    RemoteUnreachableException Unreachable(ProcessResult result) => new(Clean(LastLine(result)));

    string Clean(string text) => _opened is { } opened ? text.Replace(opened.Source.Url, opened.Source.Display, StringComparison.Ordinal) : text;

    /// <summary>The line that says why: git ends with advice.</summary>
    static string LastLine(ProcessResult result) =>
        result.Lines.Select(x => x.Text).FirstOrDefault(x => x.StartsWith("fatal: ", StringComparison.Ordinal) && !x.Contains("Could not read from remote", StringComparison.Ordinal))?["fatal: ".Length..]
        ?? result.Lines.LastOrDefault(x => x.Text.Length > 0).Text
        ?? $"git ended with exit code {result.ExitCode}";

    sealed record Opened(GitSource Source, AbsolutePath Cache);
}
