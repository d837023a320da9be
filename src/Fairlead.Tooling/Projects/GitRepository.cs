using System.Text.RegularExpressions;

namespace Fairlead.Tooling;

/// <summary>
/// A git repository as its own files describe it; nothing is read before it is asked for. Work trees and
/// submodules (a <c>.git</c> file) are followed.
/// </summary>
public sealed partial class GitRepository
{
    readonly AbsolutePath _gitDirectory;
    readonly AbsolutePath _commonDirectory;
    readonly Lazy<IReadOnlyList<string>> _tags;

    GitRepository(AbsolutePath root, AbsolutePath gitDirectory, IProcessRunner? processes)
    {
        LocalDirectory = root;
        _gitDirectory = gitDirectory;
        var common = gitDirectory / "commondir";
        _commonDirectory = common.FileExists() ? AbsolutePath.Resolve(gitDirectory, common.ReadAllText().Trim()) : gitDirectory;
        _tags = new Lazy<IReadOnlyList<string>>(() => processes is null
            ? []
            : processes.RunAsync(Git.Command(root, "tag", "--points-at", "HEAD").WithAnyExitCode()).GetAwaiter().GetResult()
                .StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The work tree's root.</summary>
    public AbsolutePath LocalDirectory { get; }

    /// <summary>The branch that is checked out (<c>main</c>, <c>release/1.2</c>), or null on a detached head.</summary>
    public string? Branch => Head is { } head && head.StartsWith("ref: refs/heads/", StringComparison.Ordinal) ? head["ref: refs/heads/".Length..] : null;

    /// <summary>The full id of the commit that is checked out, or null before the first commit.</summary>
    public string? Commit => Head is not { } head ? null : head.StartsWith("ref: ", StringComparison.Ordinal) ? ReadRef(head["ref: ".Length..]) : head;

    /// <summary>The tags of the commit that is checked out; git is asked once. Empty where the repository was found without a process runner.</summary>
    public IReadOnlyList<string> Tags => _tags.Value;

    /// <summary>The URL of the remote <c>origin</c> as https, without user and password, or null.</summary>
    public string? HttpsUrl => OriginUrl is { } url && ScpOrUrl().Match(url) is { Success: true } match
        ? $"https://{match.Groups["host"].Value}/{match.Groups["path"].Value}"
        : null;

    /// <summary><c>owner/name</c> of the remote <c>origin</c>, or null.</summary>
    public string? Identifier => OriginUrl is { } url && ScpOrUrl().Match(url) is { Success: true } match ? match.Groups["path"].Value : null;

    /// <summary>Whether <c>main</c> or <c>master</c> is checked out.</summary>
    public bool IsOnMainOrMasterBranch() => Branch is "main" or "master";

    /// <summary>Whether <c>main</c> is checked out.</summary>
    public bool IsOnMainBranch() => Branch == "main";

    /// <summary>Whether <c>master</c> is checked out.</summary>
    public bool IsOnMasterBranch() => Branch == "master";

    /// <summary>Whether <c>develop</c> or <c>development</c> is checked out.</summary>
    public bool IsOnDevelopBranch() => Branch is "develop" or "development";

    /// <summary>Whether a <c>release/…</c> branch is checked out.</summary>
    public bool IsOnReleaseBranch() => Branch?.StartsWith("release/", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Whether a <c>hotfix/…</c> branch is checked out.</summary>
    public bool IsOnHotfixBranch() => Branch?.StartsWith("hotfix/", StringComparison.OrdinalIgnoreCase) == true;

    string? Head => (_gitDirectory / "HEAD") is { } file && file.FileExists() ? file.ReadAllText().Trim() : null;

    string? OriginUrl
    {
        get
        {
            var config = _commonDirectory / "config";
            if (!config.FileExists())
                return null;
            return config.ReadAllLines()
                .Select(x => x.Trim())
                .SkipWhile(x => x != "[remote \"origin\"]")
                .Skip(1)
                .TakeWhile(x => !x.StartsWith('['))
                .Select(x => x.Split('=', 2, StringSplitOptions.TrimEntries))
                .FirstOrDefault(x => x is ["url", _])?[1];
        }
    }

    /// <summary>The repository that a directory is in, or null.</summary>
    /// <param name="directory">A directory.</param>
    /// <param name="processes">Starts git for what the files alone do not tell (<see cref="Tags"/>).</param>
    public static GitRepository? Find(AbsolutePath directory, IProcessRunner? processes = null)
    {
        var root = directory.FindParentOrSelf(x => (x / ".git").Exists());
        if (root is null)
            return null;
        var git = root / ".git";
        if (git.DirectoryExists())
            return new GitRepository(root, git, processes);
        var pointer = git.ReadAllText().Trim();
        return pointer.StartsWith("gitdir: ", StringComparison.Ordinal)
            ? new GitRepository(root, AbsolutePath.Resolve(root, pointer["gitdir: ".Length..]), processes)
            : null;
    }

    string? ReadRef(string name)
    {
        var loose = _commonDirectory / name;
        if (loose.FileExists())
            return loose.ReadAllText().Trim();
        var packed = _commonDirectory / "packed-refs";
        return packed.FileExists()
            ? packed.ReadAllLines().FirstOrDefault(x => x.EndsWith($" {name}", StringComparison.Ordinal))?.Split(' ')[0]
            : null;
    }

    [GeneratedRegex(@"^(?:(?:https?|ssh|git)://(?:[^@/]+@)?(?<host>[^/:]+)(?::\d+)?/|(?:[^@/]+@)?(?<host>[^/:]+):)(?<path>.+?)(?:\.git)?/?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ScpOrUrl();
}
