using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Where a store's repository is, and what git must be told to get there.</summary>
/// <param name="Url">The URL or absolute path, with what signs in.</param>
/// <param name="Settings">Settings of git, as a clone has them for itself alone: headers and helpers that sign in, other spellings of URLs.</param>
sealed record GitSource(string Url, ImmutableArray<(string Key, string Value)> Settings)
{
    // What a CI system puts into the clone that it makes is not in the settings of its user.
    const string NeededSettings = @"^(http\.|credential\.|url\.|core\.sshcommand$)";

    /// <summary>The URL without what signs in, for people.</summary>
    public string Display => WithoutUser(Url);

    /// <summary>The same for all who mean the same repository, whatever they sign in with.</summary>
    public string Id => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Display)))[..12];

    /// <summary>What must not be shown.</summary>
    public ImmutableArray<string> Secrets =>
    [
        .. Settings.Where(x => x.Key.EndsWith(".extraheader", StringComparison.OrdinalIgnoreCase)).SelectMany(x => (string[])[x.Value, x.Value[(x.Value.LastIndexOf(' ') + 1)..]]),
        .. UserOf(Url) is { } user ? [user, .. user.Split(':').Skip(1)] : Array.Empty<string>(),
    ];

    /// <summary>Finds out where the repository is.</summary>
    /// <exception cref="UserErrorException">The clone has no such remote.</exception>
    public static async Task<GitSource> FindAsync(IProcessRunner processes, GitStoreOptions options, CancellationToken cancellationToken)
    {
        if (options.CloneDirectory is not { } clone)
            return new GitSource(options.Remote, []);
        var url = options.Remote;
        if (!url.Contains('/', StringComparison.Ordinal) && !url.Contains(':', StringComparison.Ordinal))
        {
            var found = await processes.RunAsync(Git.Command(clone, "config", "--get", $"remote.{url}.url").WithAnyExitCode(), cancellationToken: cancellationToken);
            if (found.ExitCode != 0 || found.StandardOutput.Length == 0)
                throw new UserErrorException($"The store of the deployments is to be in the remote '{url}', but {clone} has no remote of that name.", "Write its URL under 'store: git:', or add the remote with 'git remote add'.");
            url = found.StandardOutput.Split('\n')[^1];
        }

        // 'host:path' is a URL too.
        if (!url.Contains("://", StringComparison.Ordinal) && url.Split('/')[0] is var first && !first.Contains(':', StringComparison.Ordinal))
            url = AbsolutePath.Resolve(clone, url);
        var settings = await processes.RunAsync(Git.Command(clone, "config", "--local", "--includes", "--get-regexp", NeededSettings).WithAnyExitCode(), cancellationToken: cancellationToken);
        return new GitSource(url, [.. settings.StandardOutput.Split('\n').Select(x => x.Split(' ', 2)).Where(x => x.Length == 2).Select(x => (x[0], x[1]))]);
    }

    static string WithoutUser(string url) => UserOf(url) is { } user ? url.Replace($"://{user}@", "://", StringComparison.Ordinal) : url;

    static string? UserOf(string url)
    {
        if (url.IndexOf("://", StringComparison.Ordinal) is var scheme && scheme < 0)
            return null;
        var rest = url[(scheme + 3)..];
        var authority = rest.Split('/', 2)[0];
        return authority.LastIndexOf('@') is var at and > 0 ? authority[..at] : null;
    }
}
