using System.Text;
using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Versioning.Tests;

public sealed class GitVersionMigrationTests
{
    const string Former =
        """
        # Ours.
        mode: ContinuousDeployment   # everything at once
        tag-prefix: "[vV]"
        legacy-semver-padding: 4 # old servers
        assembly-informational-format: '{NuGetVersionV2}+{Sha}'

        branches:
            # the trunk
            master:
                tag: ''

                is-mainline: true
                prevent-increment-of-merged-branch-version: true # never
            feature:
                regex: ^features?[/-]
                tag: useBranchName
                source-branches: [ master, "develop" ]
            pull-request: { tag: PR, tag-number-pattern: '[/-](?<number>\d+)' }
            own:
                regex: ^own/
                tag:
                mode: ContinuousDelivery
        """;

    const string Current =
        """
        workflow: GitFlow/v1
        # Ours.
        mode: ContinuousDelivery   # everything at once
        tag-prefix: "[vV]?"
        # legacy-semver-padding: 4 # old servers
        assembly-informational-format: '{SemVer}+{Sha}'

        branches:
            # the trunk
            main:
                label: ''

                is-main-branch: true
                prevent-increment: { of-merged-branch: true } # never
            feature:
                regex: '^features?[/-](?<BranchName>.+)'
                label: '{BranchName}'
                source-branches: [ main, "develop" ]
            pull-request: { label: 'PR{Number}' }
            own:
                increment: Inherit
                regex: '^own/(?<BranchName>.+)'
                # tag:
                mode: ManualDeployment
        """;

    // What becomes of each real file: its generation, and how many lines of it change.
    static readonly string[] Expected =
    [
        "0chain+gosdk.yml: current",
        "0install+0install-dotnet.yml: former, lines changed: 3",
        "1iveowl+WebsocketClientLite.PCL.yml: current",
        "2020IP+TwentyTwenty.Storage.yml: former, lines changed: 1",
        "3shape+docker-ci.yml: former, lines changed: 8",
        "51Degrees+device-detection-java.yml: former, lines changed: 3",
        "A-KL+dotnet-extensions.yml: former, lines changed: 8",
        "AEC-AB+tools-extensions-templates.yml: current, but its mode may be meant otherwise",
        "AGIBuild+AGI.Kapster.yml: former, lines changed: 2",
        "ALCops+Analyzers.yml: current",
        "ASOS+asos-open-telemetry.yml: former, lines changed: 3",
        "AXOOM+charts.yml: former, lines changed: 7",
        "Acumatica+Acuminator.yml: former, lines changed: 3",
        "Afischbacher+Nhl.Api.yml: former, lines changed: 8",
        "Aguafrommars+TheIdServer.yml: former, lines changed: 9",
        "GitTools+GitVersion.yml: current",
        "OctopusDeploy+Calamari.yml: former, lines changed: 3",
        "RocketSurgeonsGuild+Nuke.yml: current",
        "cake-build+cake.yml: former, lines changed: 6",
        "candoumbe+Pipelines.yml: current",
        "chocolatey+choco.yml: former, lines changed: 5",
        "dsccommunity+SqlServerDsc.yml: former, lines changed: 9",
        "fluentassertions+fluentassertions.yml: current",
        "gaelcolas+Sampler.yml: former, lines changed: 13",
        "ikvmnet+ikvm.yml: former, lines changed: 3",
        "nuke-build+nuke.yml: former, lines changed: 5",
        "thomhurst+ModularPipelines.yml: current",
    ];

    [Fact]
    public void A_file_for_version_5_becomes_one_for_version_6_and_everything_else_in_it_stays()
    {
        var current = Current[(Current.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        GitVersionMigration.Rewrite(Former).Text.ShouldBe(current);
        GitVersionMigration.Rewrite(Former.ReplaceLineEndings("\r\n")).Text.ShouldBe(current.ReplaceLineEndings("\r\n"));
        GitVersionMigration.Rewrite('\uFEFF' + Former).Text.ShouldBe('\uFEFF' + current);
        Read(current).Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Each_change_is_named_with_its_line_and_what_nobody_can_know_is_left_to_the_user()
    {
        var notes = GitVersionMigration.Rewrite(Former).Notes;
        notes.Where(x => !x.NeedsDecision).Select(x => x.Line).ShouldBe([2, 3, 4, 5, 9, 10, 12, 13, 15, 16, 16, 17, 18, 18, 18, 20, 20, 21, 22]);
        notes.Where(x => x.NeedsDecision).Select(x => x.Message[..40]).ShouldBe(
            ["The mode at the root held for all branch", "Tags and branches with one, two or four "]);
    }

    [Theory]
    [InlineData("mode: Mainline\n", "workflow: TrunkBased/preview1\n")]
    [InlineData("{\"mode\": \"Mainline\"}", "{\"workflow\": \"TrunkBased/preview1\"}")]
    [InlineData(
        "mode: Mainline # x\nbranches:\n  develop:\n    tag: a\n",
        "mode: ContinuousDeployment\nstrategies: [ConfiguredNextVersion, Mainline] # x\nbranches:\n  develop:\n    label: a\n")]
    [InlineData(
        "{\"mode\": \"Mainline\", \"branches\": {\"develop\": {\"tag\": \"a\", \"prevent-increment-of-merged-branch-version\": true}}}",
        "{\"mode\": \"ContinuousDeployment\", \"strategies\": [\"ConfiguredNextVersion\", \"Mainline\"], \"branches\": {\"develop\": {\"label\": \"a\", \"prevent-increment\": { \"of-merged-branch\": true }}}}")]
    [InlineData("mode: ContinuousDeployment\nbranches:\n  master: {}\n", "workflow: GitFlow/v1\nmode: ContinuousDelivery\nbranches:\n  main: {}\n")]
    [InlineData("branches:\n  releases?[/-]:\n    tag: rc\n", "branches:\n  release:\n    label: rc\n")]
    [InlineData("branches: { main: { tag-number-pattern: x } }", "branches: { main: {  } }")]
    [InlineData("branches: { main: { tag: x, is-develop: true, label-number-pattern: x } }", "branches: { main: { label: x, tracks-release-branches: true } }")]
    [InlineData("tag-prefix: v\nbranches:\n  main:\n    tag: x\n", "tag-prefix: '(v)?'\nbranches:\n  main:\n    label: x\n")]
    [InlineData("branches:\n  main:\n    tag: x\n    wrong: >\n      a\n      b\n", "branches:\n  main:\n    label: x\n    # wrong: >\n#       a\n#       b\n")]
    public void What_it_becomes(string former, string current)
    {
        GitVersionMigration.Rewrite(former).Text.ShouldBe(current);
        Read(current).Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("mode: ContinuousDelivery\nbranches: {}\n")]
    [InlineData("workflow: GitHubFlow/v1\nmode: ContinuousDeployment\nbranches:\n  main:\n    regex: ^x$\n")]
    [InlineData("strategies: [Mainline]\nunknown-key: 1\n")]
    public void A_file_that_is_not_for_version_5_is_not_changed(string text) => GitVersionMigration.Rewrite(text).Text.ShouldBe(text);

    [Fact]
    public void Where_only_the_mode_could_tell_the_version_the_user_is_asked()
    {
        var warning = Read("next-version: 1.0\nmode: ContinuousDelivery\n").Warnings.ShouldHaveSingleItem();
        warning.Where.ShouldBe(new SourceLocation("GitVersion.yml", 2, 7));
        warning.Remedy.ShouldBe("Write 'workflow: GitFlow/v1' at the root if it is for version 6: then this is not asked again. Otherwise write 'mode: ManualDeployment'.");
        GitVersionMigration.Rewrite("mode: ContinuousDelivery").Notes.ShouldHaveSingleItem().NeedsDecision.ShouldBeTrue();
        Read("mode: ContinuousDelivery\nworkflow: GitFlow/v1\n").Warnings.ShouldBeEmpty();
        Read("mode: ManualDeployment\n").Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Modes_in_a_file_with_keys_of_both_versions_are_left_to_the_user()
    {
        var result = GitVersionMigration.Rewrite("mode: ContinuousDeployment\nbranches:\n  feature:\n    label: useBranchName\n");
        result.Text.ShouldBe("mode: ContinuousDeployment\nbranches:\n  feature:\n    label: '{BranchName}'\n");
        result.Notes[0].NeedsDecision.ShouldBeTrue();
    }

    [Fact]
    public void A_file_for_version_5_is_one_error_that_names_each_old_thing()
    {
        var problems = Should.Throw<ProblemsException>(() => Read(Former)).Problems;
        problems[0].Message.ShouldBe(
            "GitVersion.yml is written for GitVersion 5; what is read here is version 6, where 11 of its entries are different. "
            + "The modes have another meaning: ContinuousDelivery is ManualDeployment now, ContinuousDeployment is ContinuousDelivery.");
        problems[0].Remedy.ShouldNotBeNull().ShouldContain("./build.sh :version --migrate");
        problems.Skip(1).Select(x => $"{x.Where?.Line} {x.Message.Split('\'')[1]}").ShouldBe(
        [
            "4 legacy-semver-padding", "5 assembly-informational-format", "9 master", "10 tag", "12 is-mainline", "13 prevent-increment-of-merged-branch-version",
            "16 tag", "16 useBranchName", "18 tag", "18 tag-number-pattern", "21 tag",
        ]);
    }

    [Fact]
    public void Real_files_are_read_or_are_rewritten_into_files_that_are()
    {
        var outcomes = RecordedData.Path("gitversion-yml").GetFiles("*.yml").Select(x => $"{x.Name}: {Outcome(x.ReadAllText())}").ToList();
        outcomes.ShouldBe(Expected);
    }

    [Fact]
    public void Rewriting_keeps_comments_and_line_ends_and_is_done_once() => Prop.ForAll<int, bool>((seed, windows) =>
    {
        var text = Sample(new Random(seed)).ReplaceLineEndings(windows ? "\r\n" : "\n");
        var once = GitVersionMigration.Rewrite(text).Text;
        GitVersionMigration.Rewrite(once).Text.ShouldBe(once, text);
        Comments(once).ShouldBe(Comments(text), text);
        once.Replace("\r\n", "", StringComparison.Ordinal).Contains('\r', StringComparison.Ordinal).ShouldBeFalse();
        if (windows)
            once.Replace("\r\n", "", StringComparison.Ordinal).Contains('\n', StringComparison.Ordinal).ShouldBeFalse();
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Whatever_the_text_is_it_is_read_or_the_mistakes_are_named() => Prop.ForAll<int, NonNull<string>>((seed, noise) =>
    {
        var random = new Random(seed);
        var text = new StringBuilder(Former);
        for (var i = 0; i < 4; i++)
        {
            var position = random.Next(text.Length);
            text.Remove(position, Math.Min(random.Next(6), text.Length - position)).Insert(position, random.Next(3) == 0 ? noise.Get : "{}[]:,&*!|>'\"%@`-?# \n\t\0"[random.Next(23)].ToString());
        }

        foreach (var hostile in (string[])[text.ToString(), noise.Get])
        {
            try
            {
                _ = GitVersionMigration.Rewrite(hostile);
                _ = Read(hostile);
            }
            catch (ProblemsException exception)
            {
                exception.Problems.ShouldNotBeEmpty();
            }
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    static string Outcome(string text)
    {
        try
        {
            var configuration = Read(text);
            GitVersionMigration.Rewrite(text).Text.ShouldBe(text);
            return configuration.Warnings.IsEmpty ? "current" : "current, but its mode may be meant otherwise";
        }
        catch (ProblemsException exception)
        {
            exception.Message.ShouldContain("is written for GitVersion 5");
            var rewritten = GitVersionMigration.Rewrite(text).Text;
            GitVersionMigration.Rewrite(rewritten).Text.ShouldBe(rewritten);
            Read(rewritten).Warnings.ShouldBeEmpty();
            return $"former, lines changed: {rewritten.Split('\n').Except(text.Split('\n')).Count()}";
        }
    }

    static string Sample(Random random)
    {
        string[] root =
        [
            "mode: ContinuousDelivery", "next-version: 1.0", "legacy-semver-padding: 4", "tag-prefix: '[vV]'", "\"increment\": Patch", "continuous-delivery-fallback-tag: ci",
            "ignore: { sha: [] }", "update-build-number: true", "wrong: x",
        ];
        string[] branch =
        [
            "tag: x", "tag:", "tag: useBranchName", "mode: ContinuousDeployment", "is-mainline: true", "'prevent-increment-of-merged-branch-version': false", "regex: ^x[/-]",
            "source-branches: [master]", "tag-number-pattern: x", "increment: None", "source-branches:\n    - master\n    - main", "label: y", "regex: a|b",
        ];
        var text = new StringBuilder();
        Write(root, "");
        text.AppendLine("branches:");
        foreach (var name in random.GetItems(["master", "main", "develop", "feature", "pull-request", "own", "hotfix(es)?[/-]"], 3).Distinct())
        {
            text.AppendLine($"  {name}:{Comment()}");
            Write(branch, "    ");
        }

        return text.ToString();

        void Write(string[] pool, string indentation)
        {
            foreach (var entry in random.GetItems(pool, 5).DistinctBy(x => x.Trim('\'', '"').Split(':')[0].Trim('\'', '"')))
            {
                text.AppendLine($"{indentation}{entry}{Comment()}");
                if (random.Next(4) == 0)
                    text.AppendLine();
                if (random.Next(4) == 0)
                    text.AppendLine($"{indentation}# ~{random.Next():x} key: value");
            }
        }

        string Comment() => random.Next(3) == 0 ? $"  # ~{random.Next():x} 'c\"" : "";
    }

    // Every comment of a sample begins with a mark that nothing else has.
    static List<string> Comments(string text) =>
        [.. text.Split('\n').Select(x => x.IndexOf("# ~", StringComparison.Ordinal) is >= 0 and var index ? x[index..].TrimEnd('\r') : "").Where(x => x.Length > 0)];

    static VersioningConfiguration Read(string text) => VersioningConfigurationReader.Parse(text, "GitVersion.yml");
}
