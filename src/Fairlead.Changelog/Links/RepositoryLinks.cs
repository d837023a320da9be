using System.Text.RegularExpressions;
using Fairlead.Versioning;

namespace Fairlead.Changelog;

/// <summary>Where the commits, issues, pull requests and releases of a repository can be seen on the web.</summary>
public sealed partial class RepositoryLinks
{
    readonly string _issues;

    RepositoryLinks(Forge forge, string repository, string? issues = null) => (Forge, Repository, _issues) = (forge, repository, issues ?? repository);

    /// <summary>The kind of server.</summary>
    public Forge Forge { get; }

    /// <summary>The address of the repository, without a slash at the end.</summary>
    public string Repository { get; }

    /// <summary>
    /// The links of a remote, given as https, ssh or scp-like URL. Null when it is no such URL, or when the kind of server was not said and cannot be told from the host
    /// (<c>github.com</c>, or a host whose first word is <c>github</c>, and so on).
    /// </summary>
    /// <param name="url">The URL of the remote.</param>
    /// <param name="forge">The kind of server, for a host whose name does not tell it.</param>
    public static RepositoryLinks? FromRemote(string? url, Forge? forge = null)
    {
        var match = Remote().Match(url ?? "");
        if (!match.Success)
            return null;
        var host = match.Groups["host"].Value.ToLowerInvariant();
        var path = match.Groups["path"].Value;
        if (path.EndsWith(".git", StringComparison.Ordinal))
            path = path[..^4];
        return (forge ?? ForgeOf(host)) switch
        {
            null => null,
            Forge.AzureDevOps => Azure(host, path),
            var known => new RepositoryLinks(known.Value, $"https://{host}/{path}"),
        };
    }

    /// <summary>The address of a commit.</summary>
    /// <param name="id">Its full id.</param>
    public string Commit(string id) => Forge switch
    {
        Forge.GitLab => $"{Repository}/-/commit/{id}",
        Forge.Bitbucket => $"{Repository}/commits/{id}",
        _ => $"{Repository}/commit/{id}",
    };

    /// <summary>The address of a pull request or merge request.</summary>
    public string PullRequest(string number) => Forge switch
    {
        Forge.GitHub => $"{Repository}/pull/{number}",
        Forge.GitLab => $"{Repository}/-/merge_requests/{number}",
        Forge.Gitea => $"{Repository}/pulls/{number}",
        Forge.Bitbucket => $"{Repository}/pull-requests/{number}",
        _ => $"{Repository}/pullrequest/{number}",
    };

    /// <summary>The address of what a commit refers to, in this repository or in another one of the same server; null for a key of another tracker.</summary>
    public string? Reference(CommitReference reference) => reference.Kind switch
    {
        ReferenceKind.Key => null,
        ReferenceKind.MergeRequest => In(reference)?.PullRequest(reference.Id),
        ReferenceKind.WorkItem when Forge == Forge.AzureDevOps => Issue(reference.Id),
        ReferenceKind.WorkItem => null,
        _ => In(reference)?.Issue(reference.Id),
    };

    /// <summary>The address of an issue or work item.</summary>
    public string Issue(string number) => Forge switch
    {
        Forge.GitLab => $"{Repository}/-/issues/{number}",
        Forge.AzureDevOps => $"{_issues}/_workitems/edit/{number}",
        _ => $"{Repository}/issues/{number}",
    };

    /// <summary>The address of the comparison of two revisions.</summary>
    /// <param name="from">The older one, a tag.</param>
    /// <param name="to">The newer one, a tag or a full id.</param>
    public string Compare(string from, string to) => Forge switch
    {
        Forge.GitLab => $"{Repository}/-/compare/{Escape(from)}...{Escape(to)}",
        Forge.Bitbucket => $"{Repository}/branches/compare/{Escape(to)}%0D{Escape(from)}",
        Forge.AzureDevOps => $"{Repository}/branchCompare?baseVersion=GT{Escape(from)}&targetVersion={(IsId(to) ? "GC" : to == "HEAD" ? "GBmain" : "GT")}{(to == "HEAD" ? "" : Escape(to))}",
        _ => $"{Repository}/compare/{Escape(from)}...{Escape(to)}",
    };

    /// <summary>The address of a tag.</summary>
    public string Tag(string tag) => Forge switch
    {
        Forge.GitLab => $"{Repository}/-/tags/{Escape(tag)}",
        Forge.Bitbucket => $"{Repository}/src/{Escape(tag)}",
        Forge.AzureDevOps => $"{Repository}?version=GT{Escape(tag)}",
        _ => $"{Repository}/releases/tag/{Escape(tag)}",
    };

    static RepositoryLinks Azure(string host, string path)
    {
        // git@ssh.dev.azure.com:v3/organisation/project/repository is https://dev.azure.com/organisation/project/_git/repository.
        var parts = path.Split('/');
        if (parts is ["v3", var organisation, var project, var name])
            return new RepositoryLinks(Forge.AzureDevOps, $"https://dev.azure.com/{organisation}/{project}/_git/{name}", $"https://dev.azure.com/{organisation}/{project}");
        var repository = $"https://{host}/{path}";
        var git = repository.IndexOf("/_git/", StringComparison.Ordinal);
        return new RepositoryLinks(Forge.AzureDevOps, repository, git < 0 ? null : repository[..git]);
    }

    static Forge? ForgeOf(string host) => host switch
    {
        "dev.azure.com" or "ssh.dev.azure.com" => Forge.AzureDevOps,
        _ when host.EndsWith(".visualstudio.com", StringComparison.Ordinal) => Forge.AzureDevOps,
        "bitbucket.org" => Forge.Bitbucket,
        _ => host.Split('.')[0] switch
        {
            "github" => Forge.GitHub,
            "gitlab" => Forge.GitLab,
            "codeberg" or "gitea" or "forgejo" => Forge.Gitea,
            _ => null,
        },
    };

    // Another repository of the same server: "owner/repository#1", or "repository#1" of the same owner.
    RepositoryLinks? In(CommitReference reference)
    {
        if (reference.Repository is not { } name)
            return this;
        if (Forge == Forge.AzureDevOps)
            return null;
        var parts = Repository.Split('/');
        var owner = reference.Owner ?? string.Join('/', parts[3..^1]);
        return new RepositoryLinks(Forge, $"{parts[0]}//{parts[2]}/{owner}/{name}");
    }

    static bool IsId(string revision) => revision.Length is 40 or 64 && revision.All(char.IsAsciiHexDigitLower);

    static string Escape(string revision) => Uri.EscapeDataString(revision).Replace("%2F", "/", StringComparison.Ordinal);

    // Nothing in here can end a Markdown link: no parenthesis, no space, no angle bracket.
    [GeneratedRegex(
        @"\A(?:https?://(?:[^@/\s]+@)?|ssh://(?:[^@/\s]+@)?|[\w.-]+@)(?<host>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?::\d+/|[:/])(?<path>[\w.%-]+(?:/[\w.%-]+)+)/?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Remote();
}
