using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>What a build server says that it has checked out: most of them leave a detached head behind, of which git knows no branch.</summary>
/// <param name="Server">Name of the server.</param>
/// <param name="Reference">Full name of the reference (<c>refs/heads/main</c>, <c>refs/pull/5/merge</c>, <c>refs/tags/v1</c>).</param>
/// <param name="Commit">Full id of the commit, or null when the server does not say.</param>
public sealed record ServerCheckout(string Server, string Reference, string? Commit)
{
    /// <summary>Owner and name of the repository (<c>acme/shop</c>), where the server says them; otherwise null.</summary>
    public string? Repository { get; init; }

    static readonly ImmutableArray<Func<Func<string, string?>, ServerCheckout?>> Servers =
    [
        x => x("GITHUB_ACTIONS") is null ? null : Of("GitHub Actions", x("GITHUB_REF"), x("GITHUB_SHA"), x("GITHUB_REPOSITORY")),
        x => x("GITLAB_CI") is null ? null : Of("GitLab CI", Tag(x("CI_COMMIT_TAG")) ?? MergeRequest(x("CI_MERGE_REQUEST_REF_PATH")) ?? x("CI_COMMIT_REF_NAME"), x("CI_COMMIT_SHA"), x("CI_PROJECT_PATH")),
        x => x("TF_BUILD") is null ? null : Of("Azure Pipelines", x("BUILD_SOURCEBRANCH"), x("BUILD_SOURCEVERSION")),
        x => x("BITBUCKET_WORKSPACE") is null
            ? null
            : Of("Bitbucket Pipelines", Tag(x("BITBUCKET_TAG")) ?? PullRequest(x("BITBUCKET_PR_ID")) ?? x("BITBUCKET_BRANCH"), x("BITBUCKET_COMMIT")),
        x => x("TEAMCITY_VERSION") is null ? null : Of("TeamCity", x("Git_Branch"), x("BUILD_VCS_NUMBER")),
        x => x("JENKINS_URL") is null ? null : Of("Jenkins", Tag(x("TAG_NAME")) ?? PullRequest(x("CHANGE_ID")) ?? x("BRANCH_NAME") ?? x("GIT_LOCAL_BRANCH") ?? x("GIT_BRANCH"), x("GIT_COMMIT")),
        x => x("APPVEYOR") is null
            ? null
            : Of("AppVeyor", Tag(x("APPVEYOR_REPO_TAG_NAME")) ?? PullRequest(x("APPVEYOR_PULL_REQUEST_NUMBER")) ?? x("APPVEYOR_REPO_BRANCH"), x("APPVEYOR_REPO_COMMIT")),
        x => x("BUILDKITE") is null ? null : Of("Buildkite", Tag(x("BUILDKITE_TAG")) ?? PullRequest(x("BUILDKITE_PULL_REQUEST")) ?? x("BUILDKITE_BRANCH"), x("BUILDKITE_COMMIT")),
        x => x("CIRCLECI") is null ? null : Of("CircleCI", Tag(x("CIRCLE_TAG")) ?? x("CIRCLE_BRANCH"), x("CIRCLE_SHA1")),
        x => x("DRONE") is null ? null : Of("Drone", Tag(x("DRONE_TAG")) ?? PullRequest(x("DRONE_PULL_REQUEST")) ?? x("DRONE_BRANCH"), x("DRONE_COMMIT_SHA")),
    ];

    /// <summary>Asks the environment.</summary>
    /// <param name="variable">Value of an environment variable, or null.</param>
    /// <returns>Null when no known server speaks, or it names no reference.</returns>
    public static ServerCheckout? Detect(Func<string, string?> variable)
    {
        string? NonEmpty(string name) => variable(name) is { Length: > 0 } value ? value : null;
        return Servers.Select(x => x(NonEmpty)).FirstOrDefault(x => x is not null);
    }

    /// <summary>The branch to calculate for, as a full name; null for a tag, which is on no branch of its own.</summary>
    public string? Branch => Reference.StartsWith("refs/tags/", StringComparison.Ordinal) ? null : Reference;

    static ServerCheckout? Of(string server, string? reference, string? commit, string? repository = null) =>
        reference is null ? null : new(server, reference.StartsWith("refs/", StringComparison.Ordinal) ? reference : "refs/heads/" + WithoutRemote(reference), commit) { Repository = repository };

    static string? Tag(string? name) => name is null ? null : "refs/tags/" + name;

    static string? PullRequest(string? number) => number is null || !number.All(char.IsAsciiDigit) ? null : $"refs/pull/{number}/merge";

    // refs/merge-requests/5/head: the same thing under GitLab's name.
    static string? MergeRequest(string? path) => path?.Split('/') is [_, _, var number, ..] ? PullRequest(number) : null;

    // Jenkins' GIT_BRANCH has it.
    static string WithoutRemote(string name) => name.StartsWith("origin/", StringComparison.Ordinal) ? name["origin/".Length..] : name;
}
