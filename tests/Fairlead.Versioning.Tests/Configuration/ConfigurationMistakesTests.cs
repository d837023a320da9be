using Fairlead.Tooling;

namespace Fairlead.Versioning.Tests;

public sealed class ConfigurationMistakesTests
{
    [Fact]
    public void All_mistakes_are_shown_at_once_with_place_and_remedy()
    {
        const string text =
            """
            workflow: GitHubFlow/v2
            strategies: [TaggedComit, 3]
            asembly-versioning-scheme: Major
            update-build-number: maybe
            tag-pre-release-weight: many
            tag-prefix: '('
            next-version: soon
            increment: null
            merge-message-formats: [a]
            ignore:
              sha: main
              commits-before: yesterday
            branches:
              main:
                mode: Continuous
                source-branches: [develop, mainn]
                source-branches: []
              topic: {}
            """;
        Messages(text).ShouldBe(
        [
            "1:11 'workflow' must be GitFlow/v1, GitHubFlow/v1 or TrunkBased/preview1. → Did you mean 'GitHubFlow/v1'?",
            "2:14 'strategies' must be a list of None, Fallback, ConfiguredNextVersion, MergeMessage, TaggedCommit, TrackReleaseBranches, VersionInBranchName or Mainline. → Did you mean 'TaggedCommit'?",
            "2:27 'strategies' must be a list of None, Fallback, ConfiguredNextVersion, MergeMessage, TaggedCommit, TrackReleaseBranches, VersionInBranchName or Mainline.",
            "3:1 There is no key 'asembly-versioning-scheme' here. → Did you mean 'assembly-versioning-scheme'?",
            "4:22 'update-build-number' must be true or false.",
            "5:25 'tag-pre-release-weight' must be a whole number.",
            "6:13 'tag-prefix' must be a regular expression. → Invalid pattern '(' at offset 1. Not enough )'s. In single quotes, backslashes stand for themselves.",
            "7:15 'next-version' must be a version. → Write, for instance, 2.0.0.",
            "8:12 'increment' must be None, Patch, Minor, Major or Inherit.",
            "9:24 'merge-message-formats' must be names with regular expressions.",
            "11:8 'sha' must be a list of commit ids.",
            "12:19 'commits-before' must be a date or a time. → Write, for instance, 2026-01-31T00:00:00Z.",
            "15:11 'mode' must be ManualDeployment, ContinuousDelivery or ContinuousDeployment.",
            "16:32 'source-branches' names the branch 'mainn', which is not configured. → Did you mean 'main'?",
            "17:5 'source-branches' is here twice; it was already in line 16. → Remove one of them.",
            "18:3 The branch 'topic' has no 'regex', so nobody knows which branches it is about. → Write, for instance, regex: '^topic[/-](?<BranchName>.+)'.",
        ]);
    }

    [Theory]
    [InlineData("- a", "1:1 Keys with values are expected here.")]
    [InlineData("a: [", "2:1 This is not valid YAML")]
    [InlineData("a: *b", "1:4 This is not valid YAML")]
    [InlineData("workflow: GitFlow/v1\n---\na: b\n", "2:1 The file has a second document.")]
    [InlineData("branches:\n  topic:\n    label: x\n", "2:3 The branch 'topic' has no 'regex'")]
    [InlineData("branches:\n  main:\n    regex:\n", "2:3 The branch 'main' has no 'regex'")]
    [InlineData("branches:\n  feature:\n    is-source-branch-for: [nothing]\n", "3:28 'is-source-branch-for' names the branch 'nothing', which is not configured.")]
    [InlineData("workflow: TrunkBased/preview1\nbranches:\n  main:\n    source-branches: [develop]\n", "4:23 'source-branches' names the branch 'develop', which is not configured.")]
    [InlineData("[a]: b\nnext-version: 1.0\n", "1:1 A key must be a word.")]
    [InlineData("{\"next-version\": {\"a\": 1}}", "1:18 'next-version' must be a version.")]
    public void A_mistake_is_shown_with_its_place(string text, string message) => Messages(text).ShouldHaveSingleItem().ShouldStartWith(message);

    [Fact]
    public void Deep_nesting_ends_with_a_message() => Messages(new string('[', 5000)).ShouldHaveSingleItem().ShouldContain("too deeply");

    static List<string> Messages(string text) =>
    [
        .. Should.Throw<ProblemsException>(() => VersioningConfigurationReader.Parse(text, "f.yml")).Problems
            .Select(x => $"{x.Where.ToString()!["f.yml:".Length..]} {x.Message}{(x.Remedy is { } remedy ? $" → {remedy}" : "")}"),
    ];
}
