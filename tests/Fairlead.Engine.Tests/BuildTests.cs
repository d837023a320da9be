using System.Collections.Concurrent;
using Fairlead.Tooling;

namespace Fairlead.Engine.Tests;

public interface ICompileThing : IFairleadBuild
{
    List<string> Ran { get; }

    Target Compile => _ => _
        .Description("Compiles")
        .Executes(() => Ran.Add("compile"));
}

public interface ITestThing : ICompileThing
{
    Target Test => _ => _
        .DependsOn(Compile)
        .Executes(() => Ran.Add("test"));
}

public interface IAbsentThing : IFairleadBuild
{
    Target Absent => _ => _;
}

public static class ThingTargets
{
    extension(ICompileThing build)
    {
        public Target Compile => build.Compile;
    }

    extension(ITestThing build)
    {
        public Target Test => build.Test;
    }
}

class ComponentBuild : FairleadBuild, ITestThing
{
    public List<string> Ran { get; } = [];

    Target Clean => _ => _
        .Before<ICompileThing>()
        .Executes(() => Ran.Add("clean"));

    Target All => _ => _
        .DependsOn<ITestThing>(x => x.Test)
        .DependsOn(Clean)
        .TryDependsOn<IAbsentThing>();

    protected override void OnBuildFinished() => Runs.Add(string.Join(' ', Ran));

    public static ConcurrentBag<string> Runs { get; } = [];
}

sealed class OverridingBuild : ComponentBuild, ITestThing
{
    Target ITestThing.Test => _ => _
        .Inherit<ITestThing>()
        .Executes(() => Ran.Add("more tests"));
}

public sealed class AuthoringTests
{
    [Fact]
    public async Task A_component_target_is_reached_without_a_cast_and_runs_after_its_dependencies()
    {
        using var run = new TestRun();
        var result = await run.RunAsync<ComponentBuild>("", x => x.Test);
        result.ExitCode.ShouldBe(0, run.Text);
        result.Targets.Select(x => (x.Name, x.Status)).ShouldBe([("Compile", TargetStatus.Succeeded), ("Test", TargetStatus.Succeeded)]);
    }

    [Fact]
    public async Task A_target_of_the_class_can_depend_on_and_order_component_targets()
    {
        using var run = new TestRun();
        var result = await run.RunAsync<ComponentBuild>("All --parallel 1");
        result.Targets.Select(x => x.Name).ShouldBe(["Clean", "Compile", "Test", "All"]);
        result.Find("All")!.Status.ShouldBe(TargetStatus.Collective);
    }

    [Fact]
    public async Task An_override_inherits_what_the_component_says()
    {
        using var run = new TestRun();
        var before = ComponentBuild.Runs.Count(x => x == "compile test more tests");
        (await run.RunAsync<OverridingBuild>("", x => x.Test)).ExitCode.ShouldBe(0, run.Text);
        ComponentBuild.Runs.Count(x => x == "compile test more tests").ShouldBe(before + 1);
    }

    class BaseBuild : FairleadBuild
    {
        public List<string> Ran { get; } = [];

        protected virtual Target Work => _ => _.Executes(() => Ran.Add("base"));
    }

    sealed class DerivedBuild : BaseBuild
    {
        protected override Target Work => _ => _.Base().Executes(() => Ran.Add("derived"));

        Target Check => _ => _.DependsOn(Work).Executes(() => Ran.ShouldBe(["base", "derived"]));
    }

    [Fact]
    public async Task Base_takes_over_the_overridden_declaration()
    {
        using var run = new TestRun();
        (await run.RunAsync<DerivedBuild>("Check")).ExitCode.ShouldBe(0, run.Text);
    }

    sealed class WrongBuild : FairleadBuild, ICompileThing
    {
        public List<string> Ran { get; } = [];

        Target Compile => _ => _;

        Target Missing => _ => _.DependsOn<IAbsentThing>();

        Target Anonymous => _ => _.DependsOn(_ => _);

        Target Throwing => _ => throw new InvalidOperationException("sorry");

        Target Lost => _ => _.Base();
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_build_is_said_at_once()
    {
        using var run = new TestRun();
        (await run.RunAsync<WrongBuild>("Lost")).ExitCode.ShouldBe(ExitCodes.InvalidBuild);
        run.Text.ShouldBe("""
            There are 2 targets of the name 'Compile': WrongBuild.Compile and ICompileThing.Compile.
              → Rename one, or declare 'public Target Compile' on WrongBuild to stand for both.
            The definition of 'Throwing' ends with an error: sorry
              → A definition only describes; put what it does into Executes(...).
            'Lost' says Base(), but neither a base class nor a component declares a target of that name.
            'Missing' refers to a target of IAbsentThing (DependsOn), which WrongBuild does not implement.
              → Add IAbsentThing to WrongBuild, or use TryDependsOn.
            'Anonymous' refers (DependsOn) to a target that is no property of WrongBuild or its components.
              → Give it a name: declare it as a property of type Target.

            """);
    }

    sealed class CyclicBuild : FairleadBuild
    {
        Target One => _ => _.DependsOn(Two);

        Target Two => _ => _.After(One).DependentFor(Three);

        Target Three => _ => _;
    }

    [Fact]
    public async Task A_cycle_is_found_whatever_is_run()
    {
        using var run = new TestRun();
        (await run.RunAsync<CyclicBuild>("Three")).ExitCode.ShouldBe(ExitCodes.InvalidBuild);
        run.Text.ShouldContain("One depends on Two, Two runs after One");
    }

    [Fact]
    public async Task Several_builds_run_at_the_same_time_in_one_process()
    {
        var runs = Enumerable.Range(0, 20).Select(async i =>
        {
            using var run = new TestRun();
            await Task.Yield();
            var result = await run.RunAsync<ParameterBuild>($"--count {i} Show");
            return (result.ExitCode, Right: run.Text.Contains($"count={i} ", StringComparison.Ordinal) && run.Text.Contains($"root={run.Root} ", StringComparison.Ordinal));
        });
        (await Task.WhenAll(runs)).ShouldAllBe(x => x.ExitCode == 0 && x.Right);
    }
}

public interface IHazToken : IFairleadBuild
{
    [Parameter("The token of the feed")]
    [Secret]
    string? FeedToken => TryGetValue(() => FeedToken);
}

public enum Colour
{
    Red,
    Green,
}

class ParameterBuild : FairleadBuild, IHazToken
{
    [Parameter("How many")] readonly int Count = 7;

    [Parameter] readonly string[] Names = [];

    [Parameter] readonly Colour Colour = Colour.Red;

    [Parameter] readonly bool Fast;

    [Parameter] readonly AbsolutePath? Place;

    [Parameter] readonly string? NuGetApiKey;

    Target Show => _ => _
        .Executes(() => Log.Information("count={0} names={1} colour={2} fast={3} place={4} key={5} token={6} root={7} .", Count, string.Join('|', Names), Colour, Fast, Place, NuGetApiKey, From<IHazToken>().FeedToken, RootDirectory));

    Target Push => _ => _
        .Requires(() => NuGetApiKey, () => ((IHazToken)this).FeedToken)
        .Requires(() => Count > 5)
        .Executes(() => { });
}

public sealed class ParameterTests
{
    static async Task<string> Show(TestRun run, string arguments)
    {
        var result = await run.RunAsync<ParameterBuild>($"Show {arguments}");
        result.ExitCode.ShouldBe(0, run.Text);
        return run.Text;
    }

    [Fact]
    public async Task The_command_line_goes_before_the_environment_and_that_before_the_files()
    {
        using var run = new TestRun();
        AtomicFile.Write(run.Root / ".nuke" / "parameters.json", """{ "$schema": "x", "Count": 1, "Colour": "Green", "Names": ["a", "b"] }""");
        AtomicFile.Write(run.Root / ".nuke" / "parameters.ci.json", """{ "Count": 2, "Fast": true }""");
        run.Environment["NUKE_COUNT"] = "3";
        run.Environment["NUGET_API_KEY"] = "from-env";
        (await Show(run, "")).ShouldContain("count=3 names=a|b colour=Green fast=False");
        run.Environment["FAIRLEAD_COUNT"] = "4";
        (await Show(run, "--profile ci")).ShouldContain("count=4 names=a|b colour=Green fast=True");
        (await Show(run, "--count 5 --names x y --colour red")).ShouldContain("count=5 names=x|y colour=Red");
        (await Show(run, "--nuget-api-key k1 --place sub/dir")).ShouldContain($"place={run.Root}/sub/dir key=k1");
        (await Show(run, "--NuGetApiKey=k2 --names=")).ShouldContain("key=k2");
    }

    [Fact]
    public async Task Without_any_value_the_member_keeps_its_own()
    {
        using var run = new TestRun();
        (await Show(run, "")).ShouldContain("count=7 names= colour=Red fast=False place= key= token= ");
    }

    [Fact]
    public async Task A_flag_does_not_swallow_the_target_behind_it()
    {
        using var run = new TestRun();
        var result = await run.RunAsync<ParameterBuild>("--fast Show");
        result.Targets.Select(x => x.Name).ShouldBe(["Show"]);
        run.Text.ShouldContain("fast=True");
    }

    [Fact]
    public async Task Secrets_are_in_no_output()
    {
        using var run = new TestRun();
        (await Show(run, "--feed-token hunter2222")).ShouldContain("token=*** ");
    }

    [Fact]
    public async Task Wrong_values_and_unknown_switches_are_all_named_before_anything_runs()
    {
        using var run = new TestRun();
        (await run.RunAsync<ParameterBuild>("Show --cuont 3 --verbosty Quiet -x --parallel 0 --root")).ExitCode.ShouldBe(ExitCodes.Usage);
        run.Text.ShouldBe("""
            Unknown switch '--cuont'.
              → Did you mean '--count'?
            Unknown switch '--verbosty'.
              → Did you mean '--verbosity'?
            Unknown switch '-x'.
              → Switches begin with two dashes. '--help' shows all switches.
            '--parallel' needs a number from 1 to 1024.
              → --parallel 1 runs one target after the other.
            '--root' needs a directory.

            """);
        run.Output.GetStringBuilder().Clear();
        run.Environment["FAIRLEAD_FAST"] = "perhaps";
        (await run.RunAsync<ParameterBuild>("Show --count many --colour Gren")).ExitCode.ShouldBe(ExitCodes.Usage);
        run.Text.ShouldBe("""
            --colour: 'Gren' is not one of Red, Green.
              → Did you mean 'Green'?
            --count: 'many' is not a number (Int32).
            The variable FAIRLEAD_FAST: 'perhaps' is not true or false.

            """);
    }

    [Fact]
    public async Task Missing_parameters_are_all_named_before_anything_runs()
    {
        using var run = new TestRun();
        var result = await run.RunAsync<ParameterBuild>("Show Push --count 3");
        result.ExitCode.ShouldBe(ExitCodes.Usage);
        result.Targets.ShouldBeEmpty();
        run.Text.ShouldBe("""
            The parameter '--nuget-api-key' is missing; 'Push' requires it.
              → Give it as '--nuget-api-key VALUE', or set the variable NUGET_API_KEY.
            The parameter '--feed-token' is missing; 'Push' requires it (The token of the feed).
              → Set the variable FEED_TOKEN.
            'Push' requires: Count > 5

            """);
    }

    [Fact]
    public async Task A_broken_parameters_file_is_named_with_its_line()
    {
        using var run = new TestRun();
        AtomicFile.Write(run.Root / ".nuke" / "parameters.json", "{\n  \"Count\": \n}");
        (await run.RunAsync<ParameterBuild>("Show")).ExitCode.ShouldBe(ExitCodes.Usage);
        run.Text.ShouldContain(".nuke/parameters.json:3:");
    }
}
