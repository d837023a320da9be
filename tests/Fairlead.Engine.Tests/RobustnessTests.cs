using Fairlead.Tooling;

namespace Fairlead.Engine.Tests;

/// <summary>What must hold also when the build's own code misbehaves.</summary>
public sealed class RobustnessTests
{
    class HookBuild : FairleadBuild
    {
        [Parameter] readonly string Throwing = "";

        Target Works => _ => _.Executes(() => { });

        Target Fails => _ => _.Executes(new Action(() => throw new InvalidOperationException("the body")));

        Target Left => _ => _.OnlyWhenDynamic(() => false).Executes(() => { });

        Target After => _ => _.DependsOn(Left).Executes(() => { });

        void Throw(string hook)
        {
            if (Throwing == hook)
                throw new InvalidOperationException($"the hook {hook}");
        }

        protected override void OnTargetRunning(string target) => Throw("running");

        protected override void OnTargetSkipped(string target) => Throw("skipped");

        protected override void OnTargetSucceeded(string target) => Throw("succeeded");

        protected override void OnTargetFailed(string target) => Throw("failed");

        protected override void OnBuildFinished() => Throw("finished");
    }

    [Theory]
    [InlineData("Works", "running", TargetStatus.Failed)]
    [InlineData("Works", "succeeded", TargetStatus.Failed)]
    [InlineData("Works", "finished", TargetStatus.Succeeded)]
    [InlineData("Fails", "failed", TargetStatus.Failed)]
    [InlineData("After", "skipped", TargetStatus.Succeeded)]
    public async Task A_hook_that_ends_with_an_error_fails_the_build_and_hides_nothing(string target, string hook, TargetStatus status)
    {
        using var run = new TestRun();
        var result = await run.RunAsync<HookBuild>($"{target} --throwing {hook}").WaitAsync(TimeSpan.FromSeconds(30));
        result.ExitCode.ShouldBe(ExitCodes.Failed, run.Text);
        result.Find(target)!.Status.ShouldBe(status);
        run.Text.ShouldContain($"the hook {hook}");
        if (target == "Fails")
            run.Text.ShouldContain("the body");
    }

    [Fact]
    public async Task A_dry_run_tells_no_hook()
    {
        using var run = new TestRun();
        (await run.RunAsync<HookBuild>("Works --dry-run --throwing succeeded")).ExitCode.ShouldBe(0, run.Text);
    }

    sealed class LeakyBuild : FairleadBuild
    {
        [Parameter][Secret] readonly string ApiKey = "";

        Target Throw => _ => _.Executes(() => throw new UserErrorException($"wrong key {ApiKey}"));

        Target Push => _ => _.Executes(() => DotNetTasks.DotNetNuGetPush(x => x.SetTargetPath("a.nupkg").SetApiKey("another-key-1")));
    }

    [Fact]
    public async Task No_secret_is_in_a_result_an_error_or_a_shown_command()
    {
        using var run = new TestRun();
        run.Processes.When("dotnet");
        var result = await run.RunAsync<LeakyBuild>("Throw --api-key -dashed-key-1");
        result.ExitCode.ShouldBe(ExitCodes.Failed);
        result.Find("Throw")!.Detail.ShouldBe("wrong key ***");
        await run.RunAsync<LeakyBuild>("Push --verbosity Verbose");
        run.Text.ShouldContain("--api-key");
        run.Text.ShouldNotContain("dashed-key-1");
        run.Text.ShouldNotContain("another-key-1");
    }

    sealed class ThrowingBuild : FairleadBuild
    {
        Target Conditional => _ => _.OnlyWhenStatic(() => Nothing.Length > 0).Executes(() => { });

        Target Requiring => _ => _.Requires(() => Nothing.Length > 1).Executes(() => { });

        static string Nothing => throw new InvalidOperationException("there is nothing");
    }

    [Fact]
    public async Task A_condition_or_requirement_that_ends_with_an_error_is_named_with_its_target()
    {
        using var run = new TestRun();
        (await run.RunAsync<ThrowingBuild>("Conditional")).ExitCode.ShouldBe(ExitCodes.InvalidBuild);
        run.Text.ShouldContain("'Conditional'");
        run.Text.ShouldContain("Nothing.Length > 0");
        (await run.RunAsync<ThrowingBuild>("Requiring")).ExitCode.ShouldBe(ExitCodes.Usage);
        run.Text.ShouldContain("'Requiring' requires 'Nothing.Length > 1', and finding it out ended with an error: InvalidOperationException: there is nothing");
    }

    sealed class ShadowBuild : FairleadBuild
    {
        [Parameter] readonly string? Profile;

        Target Show => _ => _.Executes(() => Log.Information("{0}", Profile));
    }

    [Fact]
    public async Task A_parameter_with_the_name_of_a_switch_is_refused()
    {
        using var run = new TestRun();
        (await run.RunAsync<ShadowBuild>("Show")).ExitCode.ShouldBe(ExitCodes.InvalidBuild);
        run.Text.ShouldContain("The parameter 'Profile' has the name of the switch '--profile'");
    }

    sealed class NoisyBuild : FairleadBuild
    {
        protected override void OnBuildCreated() => Log.Information("noise");

        Target Quiet => _ => _.Executes(() => { });

        protected internal override int? DefaultParallelism => 1;
    }

    [Fact]
    public async Task A_plan_for_programs_is_nothing_but_json()
    {
        using var run = new TestRun();
        using var error = new StringWriter();
        (await FairleadBuild.RunAsync<NoisyBuild>(new BuildOptions { Arguments = ["Quiet", "--plan", "--json"], RootDirectory = run.Root, Output = run.Output, Error = error })).ExitCode.ShouldBe(0);
        run.Text.ShouldStartWith("{");
        error.ToString().ShouldContain("noise");
    }

    [Fact]
    public async Task A_build_may_say_how_many_targets_run_at_once()
    {
        using var run = new TestRun();
        await run.RunAsync<NoisyBuild>("Quiet --plan");
        run.Text.ShouldContain("fixed");
    }

    [Fact]
    public async Task A_build_that_is_run_from_code_can_be_cancelled()
    {
        using var run = new TestRun();
        using var cancel = new CancellationTokenSource();
        var result = FairleadBuild.RunAsync<WaitingBuild>(new BuildOptions { Arguments = ["Wait", "CleanUp"], RootDirectory = run.Root, Output = run.Output, CancellationToken = cancel.Token });
        await cancel.CancelAsync();
        (await result.WaitAsync(TimeSpan.FromSeconds(30))).ExitCode.ShouldBe(ExitCodes.Interrupted);
        run.Text.ShouldContain("cleaned up");
    }

    sealed class WaitingBuild : FairleadBuild
    {
        Target Wait => _ => _.Executes(token => Task.Delay(Timeout.Infinite, token));

        Target CleanUp => _ => _.After(Wait).AssuredAfterFailure().Executes(() => Log.Information("cleaned up"));
    }

    public interface IBottom : IFairleadBuild
    {
        List<string> Ran { get; }

        Target Work => _ => _.Executes(() => Ran.Add("bottom"));
    }

    public interface IMiddle : IBottom
    {
        Target IBottom.Work => _ => _.Inherit<IBottom>().Executes(() => Ran.Add("middle"));
    }

    class LayeredBuild : FairleadBuild, IBottom, IMiddle
    {
        public List<string> Ran { get; } = [];

        protected override void OnBuildFinished() => Log.Information("ran {0}", string.Join(' ', Ran));
    }

    sealed class TopBuild : LayeredBuild, IMiddle
    {
        Target IBottom.Work => _ => _.Inherit<IMiddle>().Executes(() => Ran.Add("top"));
    }

    sealed class BaseBuild : LayeredBuild, IMiddle
    {
        Target IBottom.Work => _ => _.Base().Executes(() => Ran.Add("top"));
    }

    [Fact]
    public async Task Components_that_override_components_keep_every_body()
    {
        using var run = new TestRun();
        (await run.RunAsync<LayeredBuild>("Work")).ExitCode.ShouldBe(0, run.Text);
        run.Text.ShouldContain("ran bottom middle\n");
        (await run.RunAsync<TopBuild>("Work")).ExitCode.ShouldBe(0, run.Text);
        run.Text.ShouldContain("ran bottom middle top\n");
        run.Output.GetStringBuilder().Clear();
        (await run.RunAsync<BaseBuild>("Work")).ExitCode.ShouldBe(0, run.Text);
        run.Text.ShouldContain("ran bottom middle top\n");
    }

    sealed class OwnConfiguration : Enumeration
    {
        public static readonly OwnConfiguration Release = new() { Value = nameof(Release) };
    }

    public interface IHazWord : IFairleadBuild
    {
        [Parameter] string? Configuration => TryGetValue(() => Configuration);
    }

    sealed class TwoTypesBuild : FairleadBuild, IHazWord
    {
        [Parameter] readonly OwnConfiguration? Configuration;

        Target Show => _ => _.Executes(() => Log.Information("{0} {1}", Configuration, From<IHazWord>().Configuration));
    }

    [Fact]
    public async Task A_parameter_that_the_class_and_a_component_declare_with_types_of_their_own_reaches_both()
    {
        using var run = new TestRun();
        (await run.RunAsync<TwoTypesBuild>("Show --configuration release")).ExitCode.ShouldBe(0, run.Text);
        run.Text.ShouldContain("Release release");
    }

    [Fact]
    public async Task A_secret_of_a_workflow_that_nuke_generated_is_found_by_its_exact_name()
    {
        using var run = new TestRun();
        run.Environment["FeedToken"] = "from-workflow";
        await run.RunAsync<ParameterBuild>("Show");
        run.Text.ShouldContain("token=***");
    }
}
