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
        ]);
    }

    static List<string> Messages(string text) =>
    [
        .. Should.Throw<ProblemsException>(() => VersioningConfigurationReader.Parse(text, "f.yml")).Problems.Select(x => $"{x.Where.ToString()!["f.yml:".Length..]} {x.Message} → {x.Remedy}"),
    ];
}
