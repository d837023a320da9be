using System.Collections.Immutable;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Reads rules and keys from a protected ref, and never from the commit that is released: a release cannot bring along the rule that lets it pass.
/// </summary>
/// <remarks>
/// Two commits of the ref count. One is the newest of its first parents that does not contain the release: what the release brings along is not there yet. The other is the newest of
/// all: who has left since, and rules that were added since, count for old releases too. Where they differ, both must be satisfied.
/// </remarks>
/// <param name="processes">Starts git.</param>
/// <param name="root">The clone.</param>
/// <param name="environmentsFile">The file of the environments, relative to the root of the repository.</param>
/// <param name="variable">Gives an environment variable.</param>
/// <param name="warn">Told what is not as it should be.</param>
public sealed class ProtectedPolicy(IProcessRunner processes, AbsolutePath root, string environmentsFile, Func<string, string?> variable, Action<string> warn)
{
    /// <summary>The variable that names the ref; it goes before the setting.</summary>
    public const string Variable = "FAIRLEAD_POLICY_REF";

    /// <summary>The setting of git that names the ref.</summary>
    public const string Setting = "fairlead.policyRef";

    // By its name alone.
    const string AlwaysProtected = "production";
    const string Remote = "origin";
    const string RemoteBranches = $"refs/remotes/{Remote}/";
    const string TrustedKeys = ".nuke/keys/";
    const string Security = ".nuke/security.yml";
    const string NameIt = $"Push the repository to a remote '{Remote}' whose main branch is protected, or name a ref: git config {Setting} origin/main";

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    static readonly TimeSpan FetchLimit = TimeSpan.FromSeconds(20);

    readonly Dictionary<string, PolicySources> _found = new(StringComparer.Ordinal);
    string? _main;

    /// <summary>The environment with the rules that hold for a release.</summary>
    /// <param name="released">The environment as the release describes it.</param>
    /// <param name="commit">The release's commit.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="UserErrorException">The rules cannot be read.</exception>
    public async Task<EnvironmentSpec> ApplyAsync(EnvironmentSpec released, string commit, CancellationToken cancellationToken)
    {
        if (!released.IsProtected && !await IsProtectedOnRefAsync(released, commit, cancellationToken))
            return released;
        var sources = await FindAsync(commit, cancellationToken);
        if (sources.Commits.IsEmpty)
        {
            if (released.IsProtected)
                warn($"WARNING: the rules of {released.Name} are those of the release itself. {sources.Missing?.Message} {sources.Missing?.Remedy}");
            return released;
        }

        var environment = released;
        foreach (var source in sources.Commits)
            environment = StricterRules.Of(environment, await EnvironmentAsync(source, released, cancellationToken));
        return environment;
    }

    /// <summary>Whom and what may be believed about a release. Keys count that are there before the release and still are.</summary>
    /// <param name="commit">The release's commit.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="UserErrorException">It cannot be read.</exception>
    public async Task<PolicyTrust> TrustAsync(string commit, CancellationToken cancellationToken)
    {
        var sources = await FindAsync(commit, cancellationToken);
        ImmutableSortedDictionary<string, string>? keys = null;
        foreach (var source in sources.Commits)
        {
            var here = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            foreach (var file in await FilesAsync(source, TrustedKeys, cancellationToken))
            {
                if (file.EndsWith(".pub", StringComparison.Ordinal) && !file[TrustedKeys.Length..].Contains('/', StringComparison.Ordinal) && await TextAsync(source, file, cancellationToken) is { } text)
                    here[file[TrustedKeys.Length..^".pub".Length]] = text;
            }

            keys = keys is null ? here.ToImmutable() : keys.Where(x => here.ContainsValue(x.Value)).ToImmutableSortedDictionary(StringComparer.Ordinal);
        }

        var first = sources.Commits.IsEmpty ? null : sources.Commits[0];
        return new PolicyTrust(first?.Name, keys ?? ImmutableSortedDictionary<string, string>.Empty, first is null ? null : await TextAsync(first, Security, cancellationToken));
    }

    /// <summary>Which commits the rules for a release are read from.</summary>
    internal async Task<PolicySources> FindAsync(string commit, CancellationToken cancellationToken)
    {
        if (!_found.TryGetValue(commit, out var sources))
            _found[commit] = sources = await LookAsync(commit, isFresh: true, cancellationToken);
        return sources;
    }

    /// <summary>An environment as a commit describes it, or null.</summary>
    internal async Task<EnvironmentSpec?> EnvironmentAsync(PolicySource source, EnvironmentSpec released, CancellationToken cancellationToken)
    {
        if (await TextAsync(source, environmentsFile, cancellationToken) is not { } text)
            return null;
        var file = EnvironmentsFile.Parse(text, environmentsFile, released.Application);
        return file.Problems.IsEmpty
            ? file.Environments.FirstOrDefault(x => x.Name == released.Name)
            : throw new UserErrorException($"The rules of {released.Name} cannot be read: '{environmentsFile}' of {source.Name} has mistakes, the first: {file.Problems[0].Message}", "Mend it there, and release a commit after that.");
    }

    /// <summary>The file of the environments as it is in a commit; empty where it is not there.</summary>
    internal async Task<byte[]> EnvironmentsAsync(PolicySource source, CancellationToken cancellationToken) => await BytesAsync(source, environmentsFile, cancellationToken) ?? [];

    /// <summary>A file as it is in a commit, or null where it is not.</summary>
    internal async Task<byte[]?> BytesAsync(PolicySource source, string path, CancellationToken cancellationToken)
    {
        if (!(await FilesAsync(source, path, cancellationToken)).Contains(path))
            return null;
        using var output = new MemoryStream();
        await processes.ReadAsync(Git("cat-file", "blob", $"{source.Commit}:{path}"), output.Write, cancellationToken);
        return output.ToArray();
    }

    async Task<string?> TextAsync(PolicySource source, string path, CancellationToken cancellationToken) =>
        await BytesAsync(source, path, cancellationToken) is { } bytes ? Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF') : null;

    async Task<ImmutableArray<string>> FilesAsync(PolicySource source, string path, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(["ls-tree", "-z", "--full-tree", "--name-only", source.Commit, "--", path], cancellationToken)).Split('\0', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>What nobody protects anywhere needs no network: only a look at what this clone knows.</summary>
    async Task<bool> IsProtectedOnRefAsync(EnvironmentSpec released, string commit, CancellationToken cancellationToken)
    {
        try
        {
            // The newest needs no commit of the release, which may have gone with its branch.
            return (await IsProtectedByAsync(released, await TipAsync(isFresh: false, cancellationToken), cancellationToken))
                || await IsProtectedByAsync(released, await LookAsync(commit, isFresh: false, cancellationToken), cancellationToken);
        }
        catch (UserErrorException exception) when (released.Name != AlwaysProtected)
        {
            warn($"WARNING: whether {released.Name} is protected cannot be told. {exception.Message} {exception.Remedy}");
        }

        return false;
    }

    async Task<bool> IsProtectedByAsync(EnvironmentSpec released, PolicySources sources, CancellationToken cancellationToken)
    {
        foreach (var source in sources.Commits)
        {
            if (await TextAsync(source, environmentsFile, cancellationToken) is { } text
                && EnvironmentsFile.Parse(text, environmentsFile, released.Application).Environments.Any(x => x.Name == released.Name && x.IsProtected))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The newest commit of the ref alone: for what happened with releases that this clone does not know any more.</summary>
    internal Task<PolicySources> NewestAsync(CancellationToken cancellationToken) => TipAsync(isFresh: false, cancellationToken);

    async Task<PolicySources> TipAsync(bool isFresh, CancellationToken cancellationToken)
    {
        var (name, missing) = await NameAsync(isFresh, cancellationToken);
        return name is not null && await ResolveRefAsync(name, cancellationToken) is { } tip
            ? new PolicySources([new PolicySource($"{Shown(name)} ({GitObject.Short(tip)})", tip)], null)
            : new PolicySources([], missing ?? new Problem($"The protected ref '{Shown(name!)}' is not there.", NameIt));
    }

    async Task<PolicySources> LookAsync(string commit, bool isFresh, CancellationToken cancellationToken)
    {
        var tips = await TipAsync(isFresh, cancellationToken);
        if (tips.Commits.IsEmpty)
            return tips;
        var newest = tips.Commits[0];
        var tip = newest.Commit;
        var name = newest.Name[..newest.Name.LastIndexOf(" (", StringComparison.Ordinal)];
        if (!GitObject.IsId(commit) || await ResolveAsync(commit, cancellationToken) is null)
            throw new UserErrorException($"This clone does not have the commit {GitObject.Short(commit)} of the release, so that the rules from before it cannot be told.", "Fetch it: git fetch --tags origin (in CI: check out with the whole history, 'fetch-depth: 0').");
        if (await ReadAsync(["rev-parse", "--is-shallow-repository"], cancellationToken) == "true")
            throw new UserErrorException($"This clone does not have the whole history of {name}, so that the rules from before the release cannot be told.", "Fetch it: git fetch --unshallow (in CI: check out with 'fetch-depth: 0').");
        if (!await ContainsAsync(tip, commit, cancellationToken))
            return tips;

        // Along first parents the commits that contain the release come first, and the others after them.
        var line = (await ReadAsync(["rev-list", "--first-parent", tip], cancellationToken)).Split('\n');
        var (with, without) = (0, line.Length);
        while (without - with > 1)
        {
            var middle = with + 1 == without - 1 || with < 4 ? with + 1 : (with + without) / 2;
            if (await ContainsAsync(line[middle], commit, cancellationToken))
                with = middle;
            else
                without = middle;
        }

        return without < line.Length
            ? new PolicySources([new PolicySource($"{name} ({GitObject.Short(line[without])})", line[without]), newest], null)
            : new PolicySources([], new Problem($"No commit of {name} is older than the release, so that there are no rules from before it.", "Merge the file of the environments and the keys first, and release a later commit."));
    }

    /// <summary>The full name of the ref, fetched where that is possible; not fresh: only where it is not there.</summary>
    /// <exception cref="UserErrorException">A ref is named and is not there, or several could be meant: nobody's rules are taken instead.</exception>
    async Task<(string? Name, Problem? Missing)> NameAsync(bool isFresh, CancellationToken cancellationToken)
    {
        var named = variable(Variable) is { Length: > 0 } value ? value : await TryAsync(["config", "--get", Setting], cancellationToken);
        if (named is { Length: > 0 })
        {
            var full = FullName(named);
            var isName = await TryAsync(["check-ref-format", full], cancellationToken) is not null;
            // Before it was fetched for the first time a branch of the remote has no name here.
            if (isName && full.StartsWith(RemoteBranches, StringComparison.Ordinal))
                await FetchAsync(full[RemoteBranches.Length..], isFresh, cancellationToken);
            return isName && await ResolveRefAsync(full, cancellationToken) is not null ? (full, null) : throw new UserErrorException(
                $"The protected ref '{named}', which {Variable} or '{Setting}' names, is not there: there is no {full}.",
                $"Name one that is: git config {Setting} origin/main ('origin/x' is a branch of the remote, 'x' one of this clone; others by their full names, refs/…), or fetch it.");
        }

        if (await TryAsync(["remote", "get-url", Remote], cancellationToken) is null)
            return (null, new Problem($"There is no remote '{Remote}', and so no protected ref that rules and keys could be read from.", NameIt));
        var branches = await MainBranchesAsync(cancellationToken);
        foreach (var branch in branches)
        {
            await FetchAsync(branch, isFresh, cancellationToken);
            if (await ResolveRefAsync(RemoteBranches + branch, cancellationToken) is not null)
                return (RemoteBranches + branch, null);
        }

        return (null, new Problem($"The remote '{Remote}' has no branch {string.Join(" or ", branches)} that rules and keys could be read from.", NameIt));
    }

    /// <summary>Exactly one ref, so that a tag or a branch of the same name is never taken in its place.</summary>
    static string FullName(string named) =>
        named.StartsWith("refs/", StringComparison.Ordinal) ? named
        : named.StartsWith($"{Remote}/", StringComparison.Ordinal) ? $"refs/remotes/{named}"
        : $"refs/heads/{named}";

    /// <summary>The main branch of the remote, as this clone knows it or as the remote says; otherwise those that it may be.</summary>
    async Task<ImmutableArray<string>> MainBranchesAsync(CancellationToken cancellationToken)
    {
        if (await TryAsync(["symbolic-ref", "--quiet", $"{RemoteBranches}HEAD"], cancellationToken) is { } head && head.StartsWith(RemoteBranches, StringComparison.Ordinal))
            return [head[RemoteBranches.Length..]];
        if (_main is not null || (_main = await AskMainAsync(cancellationToken)) is not null)
            return [_main];
        ImmutableArray<string> usual = ["main", "master"];
        var known = new List<string>();
        foreach (var branch in usual)
        {
            if (await ResolveRefAsync(RemoteBranches + branch, cancellationToken) is not null)
                known.Add(branch);
        }

        return known.Count < 2 ? usual : throw new UserErrorException(
            $"Which branch of '{Remote}' is its main one cannot be told: it has {string.Join(" and ", known)}, and could not be asked.",
            $"Name the protected one: git config {Setting} {Remote}/main, or let git ask: git remote set-head {Remote} --auto");
    }

    async Task<string?> AskMainAsync(CancellationToken cancellationToken)
    {
        const string Heads = "ref: refs/heads/";
        try
        {
            using var output = new MemoryStream();
            var result = await processes.ReadAsync(Git("ls-remote", "--symref", Remote, "HEAD").WithAnyExitCode() with { Timeout = FetchLimit }, output.Write, cancellationToken);
            return result.ExitCode != 0 ? null : Encoding.UTF8.GetString(output.ToArray()).Split('\n').Where(x => x.StartsWith(Heads, StringComparison.Ordinal) && x.EndsWith("\tHEAD", StringComparison.Ordinal))
                .Select(x => x[Heads.Length..^"\tHEAD".Length]).FirstOrDefault();
        }
        catch (ProcessFailedException)
        {
            // It took too long; what is known is looked at.
            return null;
        }
    }

    async Task FetchAsync(string branch, bool isFresh, CancellationToken cancellationToken)
    {
        if (!isFresh && await ResolveRefAsync(RemoteBranches + branch, cancellationToken) is not null)
            return;
        var command = Git(
            "fetch", "--quiet", "--no-tags", "--no-prune", "--no-write-fetch-head", "--no-auto-gc", "--recurse-submodules=no", Remote, $"+refs/heads/{branch}:refs/remotes/{Remote}/{branch}");
        try
        {
            var result = await processes.RunAsync(command.WithAnyExitCode() with { Timeout = FetchLimit }, cancellationToken: cancellationToken);
            if (result.ExitCode == 0)
                return;
        }
        catch (ProcessFailedException)
        {
            // It took too long; what is known is looked at.
        }

        if (await ResolveRefAsync(RemoteBranches + branch, cancellationToken) is not null)
            warn($"WARNING: {Remote}/{branch} could not be fetched; rules and keys are read from what this clone knows of it.");
    }

    async Task<bool> ContainsAsync(string commit, string other, CancellationToken cancellationToken)
    {
        var result = await processes.RunAsync(Git("merge-base", "--is-ancestor", other, commit).WithAnyExitCode(), cancellationToken: cancellationToken);
        return result.ExitCode is 0 or 1 ? result.ExitCode == 0 : throw new UserErrorException($"git could not tell whether {GitObject.Short(commit)} contains {GitObject.Short(other)}: {result.StandardError}", "Mend the clone: git fsck");
    }

    Task<string?> ResolveAsync(string revision, CancellationToken cancellationToken) => TryAsync(["rev-parse", "--verify", "--quiet", "--end-of-options", $"{revision}^{{commit}}"], cancellationToken);

    /// <summary>The commit of a ref by its full name. Looked up as it is: a tag may have any name, that of a branch too.</summary>
    async Task<string?> ResolveRefAsync(string name, CancellationToken cancellationToken) =>
        await TryAsync(["show-ref", "--verify", "--hash", name], cancellationToken) is { Length: > 0 } id ? await ResolveAsync(id, cancellationToken) : null;

    async Task<string?> TryAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        var result = await processes.ReadAsync(Git(arguments).WithAnyExitCode(), output.Write, cancellationToken);
        return result.ExitCode == 0 ? Encoding.UTF8.GetString(output.ToArray()).Trim() : null;
    }

    Task<string> ReadAsync(string[] arguments, CancellationToken cancellationToken) => GitObject.ReadAsync(processes, Git(arguments), cancellationToken);

    ToolCommand Git(params string[] arguments) => GitObject.Command(root, arguments) with { Timeout = Limit };

    static string Shown(string name) => name.Replace("refs/remotes/", "", StringComparison.Ordinal).Replace("refs/heads/", "", StringComparison.Ordinal).Replace("refs/tags/", "", StringComparison.Ordinal);
}
