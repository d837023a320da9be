using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

public sealed class EnvironmentSpecTests
{
    static readonly AbsolutePath Folder = AbsolutePath.Create(AppContext.BaseDirectory) / "Environments" / "Cases";

    static EnvironmentsFile Read(string text) => EnvironmentsFile.Parse(text, "environments.yml", "shop");

    static EnvironmentSpec Staging(string settings)
    {
        var file = Read($"environments:\n  staging:\n    url: http://127.0.0.1:5080\n    {settings.ReplaceLineEndings("\n    ")}\n");
        file.Problems.ShouldBeEmpty();
        return file.Environment("staging");
    }

    [Theory]
    [InlineData("main", "main", true)]
    [InlineData("main", "mainline", false)]
    [InlineData("feature/*", "feature/cart", true)]
    [InlineData("feature/*", "feature/cart/two", false)]
    [InlineData("feature/**", "feature/cart/two", true)]
    [InlineData("release-?.x", "release-2.x", true)]
    [InlineData("release-?.x", "release-2-x", false)]
    [InlineData("[a-z]", "a", false)]
    public void A_branch_rule_matches_like_the_filters_of_workflows(string rule, string branch, bool expected) =>
        Staging($"branch: '{rule}'").AllowsBranch(branch).ShouldBe(expected);

    [Fact]
    public void Without_rules_every_branch_may_come_and_with_rules_no_detached_head()
    {
        Staging("replicas: 1").AllowsBranch(null).ShouldBeTrue();
        var ruled = Staging("branches: [develop, 'hotfix/*']");
        ruled.AllowsBranch("hotfix/1").ShouldBeTrue();
        ruled.AllowsBranch("main").ShouldBeFalse();
        ruled.AllowsBranch(null).ShouldBeFalse();
    }

    [Fact]
    public void What_is_configured_and_not_done_is_named_with_its_line()
    {
        var staging = Staging("""
            approvals: { required: true, minimum_approvals: 2 }
            windows: { deny: [{ days: fri, from: "14:00", to: "24:00" }] }
            checks: { smoke: { http: /ready } }
            database: { name: shop, migrations: [dotnet, Migrate.dll] }
            secrets: { DATABASE_URL: { provider: aws-secrets-manager, key: shop } }
            notifications: { slack: "#shop" }
            resources: { cpu: 500m }
            """);
        staging.NotEnforced.Select(x => (x.IsGate, x.Problem.Where!.Value.Line)).ShouldBe(
            [(true, 8), (false, 10), (false, 9)]);
        staging.NotEnforced.Where(x => x.IsGate).ShouldAllBe(x => x.Problem.Remedy!.StartsWith("To go on for now", StringComparison.Ordinal));
        Staging("replicas: 2").NotEnforced.ShouldBeEmpty();
    }

    [Fact]
    public void A_secret_that_was_written_into_the_file_is_refused_and_never_repeated()
    {
        const string Secret = "hunter2-very-secret";
        var problem = Read($"environments:\n  staging:\n    url: http://127.0.0.1:5080\n    secrets: {{ PASSWORD: {Secret} }}\n").Problems.ShouldHaveSingleItem();
        problem.ToString().ShouldNotContain(Secret);
        problem.Message.ShouldContain("PASSWORD");
        problem.Remedy.ShouldNotBeNull().ShouldContain("env:NAME");
        problem.Where.ShouldBe(new SourceLocation("environments.yml", 4, 26));
    }

    [Fact]
    public void A_change_in_code_is_checked_again_and_cannot_rename_what_is_deployed()
    {
        var file = Read(World.OneService);
        var changed = file.Configured(x => x with { Name = "other", KeptReleases = 9 });
        changed.Problems.ShouldBeEmpty();
        changed.Environment("staging").KeptReleases.ShouldBe(9);
        var wrong = file.Configured(x => x with { Services = [x.Services[0] with { Strategy = new StrategySpec.Canary { Stages = [] } }] });
        wrong.Problems.Length.ShouldBe(2);
        wrong.Problems.ShouldAllBe(x => x.Where == null && x.Message.StartsWith("After the change in C#: ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_report_says_where_each_value_comes_from()
    {
        var file = Read((Folder / "inheritance.yml").ReadAllText());
        file.Problems.ShouldBeEmpty();
        var changed = file.Configured(x => x.Name == "production" ? x with { KeptReleases = 10 } : x);
        var lines = changed.Environments.SelectMany(x => EnvironmentReport.Of(x, file.Environment(x.Name)).Append("")).Select(x => x.TrimEnd());
        string.Join('\n', lines).TrimEnd('\n').ShouldBeAsIn("Environments/Cases/inheritance.report.expected.txt");
    }

    [Theory]
    [InlineData("500m", 0.5)]
    [InlineData("1.5", 1.5)]
    [InlineData("2", 2.0)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("1k", null)]
    [InlineData("m", null)]
    public void Processor_cores_are_read_as_Kubernetes_writes_them(string text, double? expected) => Quantities.Cores(text).ShouldBe(expected);

    [Theory]
    [InlineData("1Gi", 1073741824L)]
    [InlineData("512MB", 512000000L)]
    [InlineData("1.5G", 1500000000L)]
    [InlineData("1048576", 1048576L)]
    [InlineData("0", null)]
    [InlineData("1Pi", null)]
    [InlineData("Gi", null)]
    public void Memory_is_read_as_Kubernetes_writes_it(string text, long? expected) => Quantities.Bytes(text).ShouldBe(expected);

    [Theory]
    [InlineData("npm run test:smoke", "npm|run|test:smoke")]
    [InlineData("a 'b c' \"\"", "a|b c|")]
    [InlineData("a | b", "")]
    [InlineData("a $HOME", "")]
    [InlineData("a 'b", "")]
    public void A_line_is_split_into_words_and_one_that_needs_a_shell_is_not(string line, string expected) =>
        string.Join('|', CommandLine.Split(line)).ShouldBe(expected);
}
