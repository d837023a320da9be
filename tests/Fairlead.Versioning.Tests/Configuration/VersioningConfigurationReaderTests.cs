using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json;

namespace Fairlead.Versioning.Tests;

public sealed class VersioningConfigurationReaderTests
{
    const string File = "GitVersion.yml";

    [Theory]
    [InlineData("")]
    [InlineData("# nothing yet\n")]
    [InlineData("---\n")]
    [InlineData("{}")]
    [InlineData("branches:\nignore:\nmerge-message-formats: {}\nworkflow:\n")]
    public void A_file_that_says_nothing_means_GitFlow(string text) =>
        ConfigurationText.Of(Read(text)).ShouldBe(ConfigurationText.Of(VersioningConfigurationReader.Default));

    [Fact]
    public void Every_key_is_read()
    {
        var configuration = Read(
            """
            workflow: GitHubFlow/v1
            strategies: [TaggedCommit, mainline]
            next-version: 3
            tag-prefix: 'release-'
            version-in-branch-pattern: '(?<version>\d+)'
            semantic-version-format: loose
            commit-message-convention: conventional-commits
            major-version-bump-message: a
            minor-version-bump-message: b
            patch-version-bump-message: c
            no-bump-message: d
            merge-message-formats: { ours: '^x (?<SourceBranch>.+)', theirs: y }
            ignore:
              sha: [ abcdef1, '1234567' ]
              commits-before: 2026-01-31T12:00:00
              paths: [ '^docs/' ]
            tag-pre-release-weight: 1
            commit-date-format: yyyy
            update-build-number: false
            assembly-versioning-scheme: Major
            assembly-file-versioning-scheme: None
            assembly-versioning-format: '{Major}'
            assembly-file-versioning-format: '{Minor}'
            assembly-informational-format: '{Sha}'
            mode: ContinuousDeployment
            label: null
            increment: Major
            prevent-increment: { of-merged-branch: true }
            track-merge-target: true
            track-merge-message: false
            commit-message-incrementing: MergeMessageOnly
            regex: z
            source-branches: [ main ]
            is-source-branch-for: [ main ]
            tracks-release-branches: true
            is-release-branch: true
            is-main-branch: true
            pre-release-weight: 7
            """);
        configuration.ShouldSatisfyAllConditions(
            x => x.Workflow.ShouldBe("GitHubFlow/v1"),
            x => x.Strategies.ShouldBe(VersionStrategies.TaggedCommit | VersionStrategies.Mainline),
            x => x.NextVersion.ShouldBe("3.0"),
            x => x.TagPrefix.ShouldBe("release-"),
            x => x.VersionInBranchPattern.ShouldBe(@"(?<version>\d+)"),
            x => x.SemanticVersionFormat.ShouldBe(SemanticVersionFormat.Loose),
            x => x.CommitMessageConvention.ShouldBe(CommitMessageConvention.ConventionalCommits),
            x => (x.MajorBumpMessage, x.MinorBumpMessage, x.PatchBumpMessage, x.NoBumpMessage).ShouldBe(("a", "b", "c", "d")),
            x => x.MergeMessageFormats.Select(y => y.Key).ShouldBe(["ours", "theirs"]),
            x => x.Ignore.Commits.ShouldBe(["abcdef1", "1234567"]),
            x => x.Ignore.Before.ShouldBe(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero)),
            x => x.Ignore.Paths.ShouldBe(["^docs/"]),
            x => x.TagPreReleaseWeight.ShouldBe(1),
            x => x.CommitDateFormat.ShouldBe("yyyy"),
            x => x.UpdateBuildNumber.ShouldBeFalse(),
            x => x.AssemblyVersioningScheme.ShouldBe(AssemblyVersioningScheme.Major),
            x => x.AssemblyFileVersioningScheme.ShouldBe(AssemblyVersioningScheme.None),
            x => (x.AssemblyVersioningFormat, x.AssemblyFileVersioningFormat, x.AssemblyInformationalFormat).ShouldBe(("{Major}", "{Minor}", "{Sha}")));
        ConfigurationText.Of(configuration.Defaults).ShouldBe(ConfigurationText.Of(new BranchConfiguration
        {
            Mode = DeploymentMode.ContinuousDeployment,
            Label = null,
            Increment = IncrementStrategy.Major,
            PreventIncrementOfMergedBranch = true,
            PreventIncrementWhenBranchMerged = false,
            PreventIncrementWhenCurrentCommitTagged = true,
            TrackMergeTarget = true,
            TrackMergeMessage = false,
            CommitMessageIncrementing = CommitMessageIncrementing.MergeMessageOnly,
            Pattern = "z",
            SourceBranches = ["main"],
            IsSourceBranchFor = ["main"],
            TracksReleaseBranches = true,
            IsReleaseBranch = true,
            IsMainBranch = true,
            PreReleaseWeight = 7,
        }));
    }

    [Fact]
    public void A_branch_keeps_what_the_file_does_not_say_and_loses_what_is_null()
    {
        var feature = Branch(Read("branches:\n  feature:\n    label:\n    increment: minor\n    source-branches: [main]\n    prevent-increment:\n      of-merged-branch: true\n"), "feature");
        feature.ShouldSatisfyAllConditions(
            x => x.Label.ShouldBeNull(),
            x => x.Increment.ShouldBe(IncrementStrategy.Minor),
            x => x.SourceBranches.ShouldBe((ImmutableArray<string>)["main"]),
            x => x.PreventIncrementOfMergedBranch.ShouldBe(true),
            x => x.PreventIncrementWhenCurrentCommitTagged.ShouldBe(false),
            x => x.Mode.ShouldBe(DeploymentMode.ManualDeployment),
            x => x.Pattern.ShouldBe(@"^features?[\/-](?<BranchName>.+)"));
    }

    [Fact]
    public void A_branch_of_the_users_own_comes_after_the_workflows_but_before_unknown_and_raises_nothing_by_itself()
    {
        var configuration = Read("workflow: GitHubFlow/v1\nbranches:\n  custom:\n    regex: ^custom/\n  unknown:\n    label: x\n");
        configuration.Branches.Select(x => x.Key).ShouldBe(["main", "release", "feature", "pull-request", "custom", "unknown"]);
        Branch(configuration, "custom").ShouldSatisfyAllConditions(
            x => x.Increment.ShouldBe(IncrementStrategy.None),
            x => x.Mode.ShouldBeNull(),
            x => x.SourceBranches.ShouldBe(ImmutableArray<string>.Empty));
    }

    [Fact]
    public void Is_source_branch_for_is_turned_round()
    {
        var configuration = Read("branches:\n  unstable:\n    regex: unstable\n    is-source-branch-for: [feature, main]\n  main:\n    is-source-branch-for: [feature]\n");
        Branch(configuration, "feature").SourceBranches.ShouldNotBeNull().ShouldBe(["develop", "main", "release", "support", "hotfix", "unstable"]);
        Branch(configuration, "main").SourceBranches.ShouldNotBeNull().ShouldBe(["unstable"]);
    }

    [Theory]
    [InlineData("0.90", "0.90")]
    [InlineData("1.10", "1.10")]
    [InlineData("'2'", "2.0")]
    [InlineData("v2.0.0-beta.1", "v2.0.0-beta.1")]
    public void The_next_version_is_taken_as_written(string text, string expected) => Read($"next-version: {text}").NextVersion.ShouldBe(expected);

    [Theory]
    [InlineData("soon")]
    [InlineData("v")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.x")]
    [InlineData("[1]")]
    public void The_next_version_must_be_one(string text) => Should.Throw<Fairlead.Tooling.ProblemsException>(() => Read($"next-version: {text}"));

    [Fact]
    public void Strategies_may_be_one_text() => Read("strategies: TaggedCommit, tagged-commit, Mainline").Strategies.ShouldBe(VersionStrategies.TaggedCommit | VersionStrategies.Mainline);

    [Fact]
    public void Anchors_are_followed() =>
        Branch(Read("branches:\n  main: &own\n    label: x\n  develop: *own\n"), "develop").Label.ShouldBe("x");

    [Fact]
    public void Every_recorded_configuration_is_read_as_JSON()
    {
        using var file = System.IO.File.OpenRead(RecordedData.Path("gitversion-6.8.2/core.jsonl.gz"));
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var texts = new HashSet<string>();
        while (lines.ReadLine() is { } line)
        {
            var config = JsonDocument.Parse(line).RootElement.GetProperty("config");
            var workflow = config.GetProperty("workflow").GetRawText();
            var overrides = config.TryGetProperty("overrides", out var keys) ? keys.GetRawText().Trim('{', '}', ' ') : "";
            texts.Add(overrides.Length == 0 ? $$"""{"workflow":{{workflow}}}""" : $$"""{"workflow":{{workflow}},{{keys.GetRawText()[1..]}}""");
        }

        texts.Count.ShouldBeGreaterThan(50);
        foreach (var text in texts.Select(x => x.Replace("\"#", "\"000", StringComparison.Ordinal)))
            Read(text).Branches.ShouldNotBeEmpty();
    }

    static VersioningConfiguration Read(string text) => VersioningConfigurationReader.Parse(text, File);

    static BranchConfiguration Branch(VersioningConfiguration configuration, string name) => configuration.Branches.Single(x => x.Key == name).Value;
}
