using System.Globalization;

namespace Fairlead.Engine;

/// <summary>What GitHub Actions tells the build by variables.</summary>
public sealed class GitHubActions
{
    readonly IReadOnlyDictionary<string, string> _environment;

    GitHubActions(IReadOnlyDictionary<string, string> environment) => _environment = environment;

    /// <summary>The server that the running build is on, or null when it is not GitHub Actions.</summary>
    public static GitHubActions? Instance => BuildContext.Current.Host == Host.GitHubActions ? new GitHubActions(BuildContext.Current.Environment) : null;

    /// <summary>Name of the workflow.</summary>
    public string? Workflow => Get("GITHUB_WORKFLOW");

    /// <summary>What started it: <c>push</c>, <c>pull_request</c> …</summary>
    public string? EventName => Get("GITHUB_EVENT_NAME");

    /// <summary>Whether a pull request started it.</summary>
    public bool IsPullRequest => EventName is "pull_request" or "pull_request_target";

    /// <summary>The ref that is built: <c>refs/heads/main</c>.</summary>
    public string? Ref => Get("GITHUB_REF");

    /// <summary>The branch or tag that is built: <c>main</c>.</summary>
    public string? RefName => Get("GITHUB_REF_NAME");

    /// <summary>The branch that a pull request comes from.</summary>
    public string? HeadRef => Get("GITHUB_HEAD_REF");

    /// <summary>The branch that a pull request goes to.</summary>
    public string? BaseRef => Get("GITHUB_BASE_REF");

    /// <summary>The commit that is built.</summary>
    public string? Sha => Get("GITHUB_SHA");

    /// <summary><c>owner/name</c>.</summary>
    public string? Repository => Get("GITHUB_REPOSITORY");

    /// <summary>Counts the runs of the workflow; 0 when it is not known.</summary>
    public long RunNumber => long.TryParse(Get("GITHUB_RUN_NUMBER"), CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Identifies the run; 0 when it is not known.</summary>
    public long RunId => long.TryParse(Get("GITHUB_RUN_ID"), CultureInfo.InvariantCulture, out var id) ? id : 0;

    string? Get(string name) => _environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
