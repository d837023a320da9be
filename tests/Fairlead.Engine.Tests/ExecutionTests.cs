using System.Collections.Concurrent;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Engine.Tests;

public sealed class ExecutionTests
{
    sealed class ParallelBuild : FairleadBuild
    {
        readonly Barrier _barrier = new(2);

        Target Left => _ => _.Executes(() =>
        {
            Log.Information("left 1");
            _barrier.SignalAndWait(TimeSpan.FromSeconds(20)).ShouldBeTrue();
            Log.Information("left 2");
        });

        Target Right => _ => _.Executes(async () =>
        {
            Log.Information("right 1");
            await Task.Run(() => _barrier.SignalAndWait(TimeSpan.FromSeconds(20)).ShouldBeTrue());
            Log.Information("right 2");
        });

        Target Both => _ => _.DependsOn(Left, Right).Executes(() => Log.Information("both"));
    }

    [Fact]
    public async Task Independent_targets_run_at_once_and_their_outputs_stay_whole()
    {
        using var run = new TestRun();
        (await run.RunAsync<ParallelBuild>("Both")).ExitCode.ShouldBe(0, run.Text);
        var lines = run.Text.Split('\n');
        foreach (var name in new[] { "left", "right" })
            Array.IndexOf(lines, $"{name} 2").ShouldBe(Array.IndexOf(lines, $"{name} 1") + 1);
        Array.IndexOf(lines, "both").ShouldBeGreaterThan(Array.IndexOf(lines, "left 2"));
        Array.IndexOf(lines, "both").ShouldBeGreaterThan(Array.IndexOf(lines, "right 2"));
    }

    class FailingBuild : FairleadBuild
    {
        protected ConcurrentQueue<string> Ran { get; } = new();

        Target Proceeding => _ => _.ProceedAfterFailure().Executes(() => throw new UserErrorException("It did not work.", "Do it by hand."));

        Target Next => _ => _.DependsOn(Proceeding).Executes(() => Ran.Enqueue("next"));

        Target Failing => _ => _.DependsOn(Next).Executes(new Action(() => throw new InvalidOperationException("broken")));

        Target Never => _ => _.DependsOn(Failing).Executes(() => Ran.Enqueue("never"));

        Target CleanUp => _ => _.After(Never).AssuredAfterFailure().Executes(() => Log.Information("cleaned up"));
    }

    [Fact]
    public async Task After_a_failure_only_assured_targets_run()
    {
        using var run = new TestRun();
        var result = await run.RunAsync<FailingBuild>("Never CleanUp");
        result.ExitCode.ShouldBe(ExitCodes.Failed);
        result.Targets.Select(x => (x.Name, x.Status)).ShouldBe(
        [
            ("Proceeding", TargetStatus.Failed), ("Next", TargetStatus.Succeeded), ("Failing", TargetStatus.Failed), ("Never", TargetStatus.NotRun), ("CleanUp", TargetStatus.Succeeded),
        ]);
        run.Text.ShouldContain("It did not work.\n  → Do it by hand.");
        run.Text.ShouldContain("InvalidOperationException: broken");
        run.Text.ShouldNotContain("   at ");
        run.Text.ShouldContain("cleaned up");
    }

    sealed class ExitingBuild : FairleadBuild
    {
        Target Refused => _ => _.Executes(() => throw new UserErrorException("No.") { ExitCode = ExitCodes.Refused });
    }

    [Fact]
    public async Task A_user_error_brings_its_own_exit_code()
    {
        using var run = new TestRun();
        (await run.RunAsync<ExitingBuild>("Refused")).ExitCode.ShouldBe(ExitCodes.Refused);
    }

    class ConditionalBuild : FairleadBuild
    {
        [Parameter] readonly bool Ready;

        bool _late;

        Target First => _ => _.Executes(() => _late = true);

        Target Static => _ => _.DependsOn(First).OnlyWhenStatic(() => Ready).WhenSkipped(DependencyBehavior.Skip).Executes(() => { });

        Target Dynamic => _ => _.After(First).OnlyWhenDynamic(() => !_late, "nothing was late").Executes(() => { });
    }

    [Fact]
    public async Task Static_conditions_are_asked_before_and_dynamic_ones_at_their_turn()
    {
        using var run = new TestRun();
        var result = await run.RunAsync<ConditionalBuild>("Static");
        result.Targets.Select(x => (x.Status, x.Detail)).ShouldBe([(TargetStatus.Skipped, "only needed by what is skipped"), (TargetStatus.Skipped, "Ready")]);
        result = await run.RunAsync<ConditionalBuild>("First Dynamic");
        result.Find("Dynamic")!.ShouldBe(new TargetResult("Dynamic", TargetStatus.Skipped, TimeSpan.Zero, "nothing was late"));
        (await run.RunAsync<ConditionalBuild>("Static --ready")).Find("Static")!.Status.ShouldBe(TargetStatus.Succeeded);
    }

    [Fact]
    public async Task A_dry_run_runs_no_body()
    {
        using var run = new TestRun();
        (await run.RunAsync<FailingBuild>("Never --dry-run")).ExitCode.ShouldBe(0);
        run.Text.ShouldContain("Nothing was run.");
    }

    [Fact]
    public async Task The_plan_can_be_read_by_people_and_programs()
    {
        using var run = new TestRun();
        (await run.RunAsync<ParallelBuild>("Both --plan")).ExitCode.ShouldBe(0);
        run.Text.ShouldBe("""
               Target        Waits for
            1  Left    runs
            2  Right   runs
            3  Both    runs  Left, Right

            Nothing orders these; with up to 4 at once they may overlap:
              Left, Right

            """);
        run.Output.GetStringBuilder().Clear();
        (await run.RunAsync<ParallelBuild>("Both --plan --json")).ExitCode.ShouldBe(0);
        using var json = JsonDocument.Parse(run.Text);
        json.RootElement.GetProperty("targets").EnumerateArray().Select(x => x.GetProperty("name").GetString()).ShouldBe(["Left", "Right", "Both"]);
        json.RootElement.GetProperty("unordered")[0].EnumerateArray().Select(x => x.GetString()).ShouldBe(["Left", "Right"]);
    }

    [Fact]
    public async Task A_misspelt_target_gets_a_suggestion()
    {
        using var run = new TestRun();
        (await run.RunAsync<ParallelBuild>("Booth")).ExitCode.ShouldBe(ExitCodes.Usage);
        run.Text.ShouldBe("There is no target 'Booth'.\n  → Did you mean 'Both'?\n");
    }

    class VerbBuild : FairleadBuild
    {
        [Verb("greet", "Greets.", Usage = "NAME [--word WORD] [--loud]", Options = ["word"], Flags = ["loud"])]
        public Task Greet(VerbArguments arguments, CancellationToken cancellationToken)
        {
            Log.Information("{0} {1}{2}", arguments.Option("word") ?? "hello", arguments.SinglePositional, arguments.Has("loud") ? "!" : "");
            return Task.CompletedTask;
        }
    }

    [Theory]
    [InlineData(":greet world", 0, "hello world\n")]
    [InlineData(":greet world --word hi --loud", 0, "hi world!\n")]
    [InlineData(":greet world --wrod hi", 2, "':greet' has no option '--wrod'.\n  → Did you mean '--word'?\n")]
    [InlineData(":gret world", 2, "There is no verb ':gret'.\n  → Did you mean ':greet'?\n")]
    [InlineData(":greet a b", 2, "':greet' takes one word, and got 2: a b.\n  → Usage: :greet NAME [--word WORD] [--loud]\n")]
    [InlineData(":greet --word", 2, "'--word' needs a value.\n  → Usage: :greet NAME [--word WORD] [--loud]\n")]
    public async Task Verbs_take_words_and_options(string arguments, int exitCode, string output)
    {
        using var run = new TestRun();
        (await run.RunAsync<VerbBuild>(arguments)).ExitCode.ShouldBe(exitCode);
        run.Text.ShouldBe(output);
    }

    sealed class ToolBuild : FairleadBuild
    {
        Target Build => _ => _.Executes(() => DotNetTasks.DotNetBuild(x => x
            .SetProjectFile(RootDirectory / "a b.sln")
            .SetConfiguration("Release")
            .EnableNoRestore()
            .When(IsServerBuild, x => x.EnableContinuousIntegrationBuild())
            .SetProperty("Answer", 42)));

        Target Tests => _ => _.Executes(() => DotNetTasks.DotNetTest(
            x => x.SetFilter("A=B").CombineWith(["one", "two"], (x, project) => x.SetProjectFile(project).AddLoggers("trx")), degreeOfParallelism: 2));

        Target Any => _ => _.Executes(() =>
        {
            var hostile = "a \"b\" $(c)";
            DotNetTasks.DotNet($"tool install {hostile} --version=\"1 2\"");
        });
    }

    [Fact]
    public async Task Tool_tasks_start_argument_lists()
    {
        using var run = new TestRun();
        run.Environment["CI"] = "true";
        run.Processes.When("dotnet");
        (await run.RunAsync<ToolBuild>("Build Tests Any --parallel 1")).ExitCode.ShouldBe(0, run.Text);
        run.Processes.Commands.Select(x => string.Join('~', x.Arguments)).ShouldBe(
        [
            $"build~{run.Root}/a b.sln~--configuration~Release~--no-restore~-p:Answer=42~-p:ContinuousIntegrationBuild=true",
            "test~one~--filter~A=B~--logger~trx",
            "test~two~--filter~A=B~--logger~trx",
            "tool~install~a \"b\" $(c)~--version=1 2",
        ], ignoreOrder: true);
    }

    [Fact]
    public async Task Every_target_runs_once_with_any_number_of_workers()
    {
        foreach (var workers in new[] { 1, 3, 16 })
        {
            using var run = new TestRun();
            var result = await run.RunAsync<WideBuild>($"All --parallel {workers} --verbosity Quiet");
            result.ExitCode.ShouldBe(0, run.Text);
            result.Targets.Count(x => x.Status == TargetStatus.Succeeded).ShouldBe(5);
        }
    }

    sealed class WideBuild : FairleadBuild
    {
        int _count;

        Target A => _ => _.Executes(() => Interlocked.Increment(ref _count));

        Target B => _ => _.Executes(() => Interlocked.Increment(ref _count));

        Target C => _ => _.DependsOn(A).Executes(() => Interlocked.Increment(ref _count));

        Target D => _ => _.DependsOn(A, B).Executes(() => Interlocked.Increment(ref _count));

        Target All => _ => _.DependsOn(C, D).Executes(() => _count.ShouldBe(4));
    }
}
