using System.Collections.Immutable;

namespace Fairlead.Tooling;

/// <summary>
/// Builds command lines of git and runs nothing. Output is made the same on every machine: no pager, no colour, no prompt, no
/// locale, no quoting of file names, and no index refresh that would take a lock beside a user's own git.
/// </summary>
public static class Git
{
    /// <summary>A git command in a repository.</summary>
    /// <param name="repository">A directory inside the work tree, or the git directory.</param>
    /// <param name="arguments">The git subcommand and its arguments.</param>
    public static ToolCommand Command(AbsolutePath repository, params IEnumerable<string> arguments) =>
        Local.Aggregate(Plain(repository, arguments), (command, name) => command.WithEnvironment(name, null));

    // What 'git rev-parse --local-env-vars' lists as being about one repository: set in hooks and in 'git rebase --exec', for another one than is meant here.
    static readonly ImmutableArray<string> Local =
    [
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX", "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE", "GIT_WORK_TREE",
    ];

    static ToolCommand Plain(AbsolutePath repository, IEnumerable<string> arguments) =>
        new ToolCommand("git", ["-c", "core.quotepath=false", "-c", "color.ui=never", "-c", "log.showSignature=false", .. arguments])
        {
            WorkingDirectory = repository,
        }
            .WithEnvironment("GIT_TERMINAL_PROMPT", "0")
            .WithEnvironment("GIT_OPTIONAL_LOCKS", "0")
            .WithEnvironment("GIT_PAGER", "cat")
            .WithEnvironment("LC_ALL", "C");

    /// <summary>The commit id of a revision.</summary>
    public static ToolCommand RevParse(AbsolutePath repository, string revision) =>
        Command(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", revision);

    /// <summary>Changed, staged and untracked (not ignored) files, NUL-terminated; empty output means a clean tree.</summary>
    public static ToolCommand Status(AbsolutePath repository) =>
        Command(repository, "status", "--porcelain=v1", "-z", "--untracked-files=all");

    /// <summary>The URL of a remote without any user name or password; what is no URL (<c>git@host:path</c>) stays as it is.</summary>
    public static string WithoutCredentials(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0 ? new UriBuilder(uri) { UserName = "", Password = "" }.Uri.AbsoluteUri : url;
}
