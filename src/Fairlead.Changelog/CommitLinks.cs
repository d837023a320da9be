using System.Text.RegularExpressions;

namespace Fairlead.Changelog;

/// <summary>Where the commits of a repository can be seen on the web.</summary>
public sealed partial class CommitLinks
{
    readonly string _prefix;

    CommitLinks(string prefix) => _prefix = prefix;

    /// <summary>
    /// The links of a remote, given as https, ssh or scp-like URL; null when the host is not known to be a GitHub, GitLab or Codeberg
    /// (<c>github.com</c>, or a host whose first word is <c>github</c>, and so on).
    /// </summary>
    public static CommitLinks? FromRemote(string? url)
    {
        var match = Remote().Match(url ?? "");
        if (!match.Success)
            return null;
        var host = match.Groups["host"].Value.ToLowerInvariant();
        var commits = host.Split('.')[0] switch
        {
            "github" or "codeberg" => "commit",
            "gitlab" => "-/commit",
            _ => null,
        };
        var path = match.Groups["path"].Value;
        if (path.EndsWith(".git", StringComparison.Ordinal))
            path = path[..^4];
        return commits is null ? null : new CommitLinks($"https://{host}/{path}/{commits}/");
    }

    /// <summary>The address of a commit.</summary>
    /// <param name="id">Its full id.</param>
    public string For(string id) => _prefix + id;

    // Nothing in here can end a Markdown link: no parenthesis, no space, no angle bracket.
    [GeneratedRegex(
        @"\A(?:https://(?:[^@/\s]+@)?|ssh://(?:[^@/\s]+@)?|[\w.-]+@)(?<host>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?::\d+/|[:/])(?<path>[\w.-]+(?:/[\w.-]+)+)/?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Remote();
}
