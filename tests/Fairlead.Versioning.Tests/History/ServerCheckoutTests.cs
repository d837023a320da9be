namespace Fairlead.Versioning.Tests;

public sealed class ServerCheckoutTests
{
    [Theory]
    [InlineData("GITHUB_ACTIONS=true GITHUB_REF=refs/heads/feature/a GITHUB_SHA=1", "GitHub Actions refs/heads/feature/a 1")]
    [InlineData("GITHUB_ACTIONS=true GITHUB_REF=refs/pull/5/merge GITHUB_HEAD_REF=feature/a", "GitHub Actions refs/pull/5/merge")]
    [InlineData("GITHUB_ACTIONS=true GITHUB_REF=refs/tags/v1", "GitHub Actions refs/tags/v1")]
    [InlineData("GITHUB_ACTIONS=true", null)]
    [InlineData("GITHUB_REF=refs/heads/a", null)]
    [InlineData("GITLAB_CI=true CI_COMMIT_REF_NAME=main CI_COMMIT_SHA=1", "GitLab CI refs/heads/main 1")]
    [InlineData("GITLAB_CI=true CI_COMMIT_REF_NAME=v1 CI_COMMIT_TAG=v1", "GitLab CI refs/tags/v1")]
    [InlineData("GITLAB_CI=true CI_COMMIT_REF_NAME=feature/a CI_MERGE_REQUEST_REF_PATH=refs/merge-requests/7/head", "GitLab CI refs/pull/7/merge")]
    [InlineData("TF_BUILD=True BUILD_SOURCEBRANCH=refs/pull/9/merge BUILD_SOURCEVERSION=1", "Azure Pipelines refs/pull/9/merge 1")]
    [InlineData("BITBUCKET_WORKSPACE=w BITBUCKET_PR_ID=3 BITBUCKET_BRANCH=feature/a", "Bitbucket Pipelines refs/pull/3/merge")]
    [InlineData("JENKINS_URL=u GIT_BRANCH=origin/main GIT_COMMIT=1", "Jenkins refs/heads/main 1")]
    [InlineData("TEAMCITY_VERSION=1 Git_Branch=refs/heads/a BUILD_VCS_NUMBER=1", "TeamCity refs/heads/a 1")]
    [InlineData("APPVEYOR=True APPVEYOR_REPO_BRANCH=main APPVEYOR_PULL_REQUEST_NUMBER=", "AppVeyor refs/heads/main")]
    [InlineData("BUILDKITE=true BUILDKITE_BRANCH=main BUILDKITE_PULL_REQUEST=false", "Buildkite refs/heads/main")]
    [InlineData("CIRCLECI=true CIRCLE_BRANCH=main", "CircleCI refs/heads/main")]
    [InlineData("DRONE=true DRONE_BRANCH=main DRONE_PULL_REQUEST=4", "Drone refs/pull/4/merge")]
    public void Each_server_tells_in_its_own_words_what_it_has_checked_out(string variables, string? expected)
    {
        var values = variables.Split(' ').Select(x => x.Split('=', 2)).ToDictionary(x => x[0], x => x[1]);
        var checkout = ServerCheckout.Detect(x => values.GetValueOrDefault(x));
        (checkout is null ? null : $"{checkout.Server} {checkout.Reference} {checkout.Commit}".Trim()).ShouldBe(expected);
    }

    [Fact]
    public void A_tag_is_no_branch()
    {
        new ServerCheckout("x", "refs/tags/v1", null).Branch.ShouldBeNull();
        new ServerCheckout("x", "refs/pull/5/merge", null).Branch.ShouldBe("refs/pull/5/merge");
    }
}
