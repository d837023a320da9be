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
        file.Environments.Select(x => (x.Name, x.Services.Single().Replicas)).ShouldBe([("testing", 2), ("staging", 2), ("production", 2)]);
        file.Environment("production").RequiresVerifiedOn.ShouldBe("staging");
    }

    [Fact]
    public void The_examples_of_the_documentation_have_no_mistakes()
    {
        var examples = ((string[])["environments.md", "approvals.md"])
            .SelectMany(x => (Folder.Parent / x).ReadAllText().ReplaceLineEndings("\n").Split("```yaml\n").Skip(1).Select(x => x[..x.IndexOf("```", StringComparison.Ordinal)])).ToList();
        examples.Count.ShouldBeGreaterThan(3);
        foreach (var example in examples)
        {
            var whole = example.Contains("environments:", StringComparison.Ordinal) ? example : $"{example}environments: {{ staging: {{ url: 'http://127.0.0.1:5080' }} }}\n";
            EnvironmentsFile.Parse(whole, "environments.md", "storefront").Problems.ShouldBeEmpty(example);
        }
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

    [Theory]
    [InlineData("several-services.yml")]
    [InlineData("inheritance.yml")]
    [InlineData("everything.yml")]
    [InlineData("wrong-strategies.yml")]
    public void Whatever_is_in_the_file_reading_it_never_throws(string name)
    {
        var good = (Folder / name).ReadAllText();
        var mutation =
            from at in Gen.Choose(0, good.Length - 1)
            from length in Gen.Choose(0, 8)
            from inserted in Gen.Elements("", ":", "  ", "\n", "[", "]", "{", "- ", "&a ", "*common", "\"", "'", "\t", "#", "|", "? ", "!x ", "%", "\u0000", "\ud800", "~", "<<: *common\n", "0", "-1", "9999999999999", "[]", "{}", "share: ", "extends: staging", "strategy: ")
            select good[..at] + inserted + good[Math.Min(good.Length, at + length)..];
        Prop.ForAll(mutation.ToArbitrary(), text =>
        {
            var file = EnvironmentsFile.Parse(text, "environments.yml", "shop");
            foreach (var environment in file.Environments)
                _ = (EnvironmentReport.Of(environment, environment), environment.NotEnforced);
            return file.Problems.All(x => x.Message.Length > 0 && x.Where is not null);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    /// <summary>Known keys at the right places with values of every kind, most of them wrong.</summary>
    [Fact]
    public void Whatever_the_keys_say_every_mistake_has_a_place()
    {
        string[] scalars = ["true", "0", "5", "100", "-3", "5%", "\">5%\"", "\"<1s\"", "10m", "30d", "http://127.0.0.1:5080", "/x", "'a | b'", "canary", "rolling", "staging", "env:A", "cookie:a", "mon-fri", "\"09:00\"", "2026-01-01", "1Gi", "~", "''", "error_rate"];
        var scalar = Gen.Elements(scalars);

        Gen<string> Value(Shape shape, int depth) => Gen.Frequency(
            (8, depth == 0 ? scalar : shape switch
            {
                Shape.Section section => Map(section.Keys, depth - 1),
                Shape.ListOf list => Value(list.Item, depth - 1).ListOf().Select(x => $"[{string.Join(", ", x.Take(3))}]"),
                Shape.Either either => Gen.OneOf(either.Shapes.Select(x => Value(x, depth))),
                Shape.Word word => Gen.Elements(word.Choices.AsEnumerable()),
                _ => scalar,
            }),
            (1, scalar),
            (1, Gen.Elements("[]", "{}", "[a, b]", "{ a: b }")));

        Gen<string> Map(KeySection section, int depth)
        {
            var known = section.Keys.SelectMany(x => x.Aliases.Prepend(x.Name).Select(word => (Word: word, x.Shape))).ToList();
            var entry = section.Names is { } names
                ? Gen.Elements("staging", "production", "web", "error_rate", "A", "queue").SelectMany(word => Value(names, depth).Select(value => (Word: word, Value: value)))
                : Gen.Elements(known.AsEnumerable()).SelectMany(key => Value(key.Shape, depth).Select(value => (key.Word, Value: value)));
            return entry.ListOf().Select(x => $"{{ {string.Join(", ", x.DistinctBy(e => e.Word).Take(8).Select(e => $"{e.Word}: {e.Value}"))} }}");
        }

        var text = from top in Map(EnvironmentKeys.File, 4)
                   from environments in Map(EnvironmentKeys.Environments, 5)
                   select top.Contains("environments:", StringComparison.Ordinal) ? top : $"{top[..^1].TrimEnd(' ', '{')}{(top.Length > 4 ? ", " : "{ ")}environments: {environments} }}";
        var (good, mistakes) = (0, 0);
        Prop.ForAll(text.ToArbitrary(), x =>
        {
            var file = EnvironmentsFile.Parse(x, "environments.yml", "shop");
            foreach (var environment in file.Environments)
                _ = (EnvironmentReport.Of(environment), environment.NotEnforced, environment.Validate());
            good += file.Environments.Length;
            mistakes += file.Problems.Length;
            return file.Problems.All(problem => problem.Message.Length > 0 && problem.Where is not null);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
        good.ShouldBeGreaterThan(300, "Or the property says nothing.");
        mistakes.ShouldBeGreaterThan(300);
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

    [Theory]
    [InlineData("store: files", null, 60)]
    [InlineData("store: { git: origin }", "origin", 60)]
    [InlineData("store: { git: 'git@example.org:shop/state.git', lease: 2m }", "git@example.org:shop/state.git", 120)]
    public void The_store_is_files_or_a_repository(string store, string? git, int lease)
    {
        var file = WithStore(store);
        file.Problems.ShouldBeEmpty();
        file.Store.ShouldBe(new StoreSpec { Git = git, Lease = TimeSpan.FromSeconds(lease) });
    }

    [Theory]
    [InlineData("store: file", "'store' of this file must be 'files', but is 'file'.")]
    [InlineData("store: { lease: 1m }", "'store' does not say where.")]
    [InlineData("store: { git: origin, lease: 3s }", "A lease of 3s is too short")]
    [InlineData("store: [git]", "'store' of this file must be a mapping")]
    public void A_store_that_cannot_be_is_a_mistake(string store, string message) => WithStore(store).Problems.ShouldHaveSingleItem().Message.ShouldStartWith(message);

    static EnvironmentsFile WithStore(string store) =>
        EnvironmentsFile.Parse($"application: shop\n{store}\nenvironments:\n  staging:\n    url: http://127.0.0.1:5080\n", "environments.yml", "shop");
}
