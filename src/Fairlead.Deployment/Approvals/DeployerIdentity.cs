using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Who runs this command, by all the names that are known: those who deploy cannot approve it. All of it is what the machine says about itself; on a CI system, what the system says.
/// </summary>
/// <param name="processes">Starts git.</param>
/// <param name="root">The clone.</param>
/// <param name="variable">Gives an environment variable.</param>
/// <param name="user">The account.</param>
/// <param name="host">The machine.</param>
public sealed class DeployerIdentity(IProcessRunner processes, AbsolutePath root, Func<string, string?> variable, string user, string host)
{
    static readonly ImmutableArray<string> Variables =
    [
        "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL", "EMAIL",
        "GITHUB_ACTOR", "GITHUB_TRIGGERING_ACTOR", "GITLAB_USER_EMAIL", "GITLAB_USER_LOGIN", "BUILD_REQUESTEDFOREMAIL", "BUILD_USER_EMAIL", "CIRCLE_USERNAME", "BUILDKITE_BUILD_CREATOR_EMAIL",
    ];

    /// <summary>The account on its machine, as the journal has it.</summary>
    public string Account => $"{user}@{host}";

    /// <summary>All names.</summary>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<ImmutableArray<string>> FindAsync(CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        var command = Git.Command(root, "config", "--get", "user.email").WithAnyExitCode();
        var result = await processes.ReadAsync(command, output.Write, cancellationToken);
        var address = result.ExitCode == 0 ? System.Text.Encoding.UTF8.GetString(output.ToArray()).Trim() : "";
        return [.. Variables.Select(variable).Append(address).Append(Account).OfType<string>().Where(x => x.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
    }
}
