using System.Text;
using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Deployment.Tests;

public sealed class EnvironmentsFileTests
{
    static readonly AbsolutePath Folder = AbsolutePath.Create(AppContext.BaseDirectory) / "Environments" / "Cases";

    public static TheoryData<string> Cases() => [.. Folder.GetFiles("*.yml").Select(x => x.NameWithoutExtension)];

    /// <summary>Each case's expected text is the file beside it: first what was read, then every problem as users see it.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void Each_file_is_read_as_expected_and_all_its_mistakes_are_told_at_once(string name)
    {
        var file = EnvironmentsFile.Parse((Folder / $"{name}.yml").ReadAllText(), "environments.yml", "storefront");
        Render(file).ShouldBeAsIn($"Environments/Cases/{name}.expected.txt");
    }

    [Fact]
    public void The_file_of_this_repository_has_no_mistakes()
    {
        var file = EnvironmentsFile.Parse((Folder.Parent / "this-repository.yml").ReadAllText(), "environments.yml", "other");
        file.Problems.ShouldBeEmpty();
        file.Application.ShouldBe("storefront");
        file.Environments.Select(x => (x.Name, x.Services.Single().Replicas)).ShouldBe([("testing", 1), ("staging", 2), ("production", 2)]);
        file.Environment("production").RequiresVerifiedOn.ShouldBe("staging");
    }

    [Fact]
    public void An_environment_that_is_not_there_is_an_error_with_the_nearest_name()
    {
        var file = EnvironmentsFile.Parse(World.OneService, "environments.yml", "shop");
        Should.Throw<UserErrorException>(() => file.Environment("stagin")).Display.ShouldBe(
            $"There is no environment 'stagin'.{Environment.NewLine}  → Did you mean 'staging'?");
        Should.Throw<UserErrorException>(() => file.Environment("moon")).Remedy.ShouldBe("There are: staging, production.");
    }

    [Fact]
    public void A_default_name_that_cannot_be_used_asks_for_one_in_the_file() =>
        EnvironmentsFile.Parse("environments: { staging: { services: { web: { worker: true } } } }", "environments.yml", "My.Repository")
            .Problems.ShouldHaveSingleItem().Remedy.ShouldNotBeNull().ShouldContain("'application:'");

    [Theory]
    [InlineData("300", 300_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("500ms", 500)]
    [InlineData("1m500ms", 60_500)]
    [InlineData("30d", 2_592_000_000)]
    public void Durations_are_read_as_people_write_them(string text, long milliseconds) =>
        Durations.Parse(text).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData("")]
    [InlineData("-5")]
    [InlineData("5 m")]
    [InlineData("5m1h")]
    [InlineData("1.5h")]
    [InlineData("31d")]
    [InlineData("99999999999")]
    public void Anything_else_is_no_duration(string text) => Durations.Parse(text).ShouldBeNull();

    [Fact]
    public void A_duration_that_was_printed_reads_back_as_itself() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), milliseconds =>
        {
            var duration = TimeSpan.FromMilliseconds(milliseconds);
            return Durations.Parse(Durations.Format(duration)) == duration;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_is_in_the_file_reading_it_never_throws()
    {
        var good = (Folder / "several-services.yml").ReadAllText();
        var mutation =
            from at in Gen.Choose(0, good.Length - 1)
            from length in Gen.Choose(0, 8)
            from inserted in Gen.Elements("", ":", "  ", "\n", "[", "]", "{", "- ", "&a ", "*common", "\"", "'", "\t", "#", "|", "? ", "!x ", "%", "\u0000", "\ud800", "~", "<<: *common\n")
            select good[..at] + inserted + good[Math.Min(good.Length, at + length)..];
        Prop.ForAll(mutation.ToArbitrary(), text =>
        {
            var file = EnvironmentsFile.Parse(text, "environments.yml", "shop");
            return file.Problems.All(x => x.Message.Length > 0 && x.Where is not null);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Nesting_without_end_is_a_problem_and_not_the_end_of_the_process()
    {
        var problem = EnvironmentsFile.Parse(new string('[', 100_000), "environments.yml", "shop").Problems.ShouldHaveSingleItem();
        problem.Message.ShouldContain("nested too deeply");
    }

    static string Render(EnvironmentsFile file)
    {
        var text = new StringBuilder($"application {file.Application}\n");
        foreach (var environment in file.Environments)
        {
            text.Append($"{environment.Name}: platform {environment.Platform}, protected {environment.IsProtected}, after {environment.RequiresVerifiedOn ?? "none"}");
            text.Append($", verdicts {string.Join(' ', environment.Verdicts.Select(x => $"{x.Key}={x.Value}"))}\n");
            foreach (var x in environment.Services)
            {
                text.Append($"  {x.Name}: artifact {x.Artifact}, url {x.Url?.ToString() ?? "-"}, {x.Replicas} replicas, command [{string.Join("|", x.Command)}]");
                text.Append($", probe {(x.Probe is null ? "-" : $"{x.Probe.HealthPath} {x.Probe.ReadyPath}")}");
                text.Append($", {Durations.Format(x.StartupTimeout)} {Durations.Format(x.DrainTimeout)} {Durations.Format(x.StopGrace)}");
                text.Append($", variables {string.Join(' ', x.Variables.Select(v => $"{v.Key}='{v.Value}'"))}\n");
            }
        }

        foreach (var problem in file.Problems)
            text.Append($"{problem.ToString().ReplaceLineEndings("\n")}\n");
        return text.ToString().TrimEnd('\n');
    }
}
