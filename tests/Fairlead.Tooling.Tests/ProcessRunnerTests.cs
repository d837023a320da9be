using System.Diagnostics;
using Fairlead.Testing;

namespace Fairlead.Tooling.Tests;

public sealed class ProcessRunnerTests
{
    readonly Redactor _redactor = new();
    readonly ProcessRunner _runner;

    public ProcessRunnerTests() => _runner = new ProcessRunner(_redactor, TimeProvider.System, AbsolutePath.CurrentDirectory);

    static ToolCommand Shell(string script, params string[] arguments) => ToolCommand.Of("sh", ["-c", script, "sh", .. arguments]);

    [Fact]
    public async Task Output_arrives_line_by_line_with_its_kind()
    {
        var lines = new List<OutputLine>();
        var result = await _runner.RunAsync(Shell("echo one; echo two >&2; printf three"), lines.Add);

        result.ExitCode.ShouldBe(0);
        result.StandardOutput.ShouldBe("one\nthree");
        result.StandardError.ShouldBe("two");
        lines.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Arguments_reach_the_program_as_they_are()
    {
        string[] hostile = ["", " ", "a b", "$(id)", "`id`", "\"", "'", "\\", "*", ";echo x", "ünï", "line\nbreak", "--", "%PATH%"];
        var result = await _runner.RunAsync(Shell("for a in \"$@\"; do printf '[%s]' \"$a\"; done", hostile));
        result.StandardOutput.ShouldBe(string.Concat(hostile.Select(x => $"[{x}]")));
    }

    [Fact]
    public async Task A_failure_names_the_command_and_shows_its_last_lines()
    {
        var error = await Should.ThrowAsync<ProcessFailedException>(
            _runner.RunAsync(Shell("for i in $(seq 30); do echo line $i; done; exit 7")));

        error.Result.ExitCode.ShouldBe(7);
        error.Message.ShouldContain("exit code 7");
        error.Message.ShouldContain("line 30");
        error.Message.ShouldContain("line 11");
        error.Message.ShouldNotContain("line 10\n");
    }

    [Fact]
    public async Task Other_exit_codes_can_be_declared_a_success()
    {
        var command = Shell("exit 3");
        (await _runner.RunAsync(command with { SuccessExitCodes = [0, 3] })).ExitCode.ShouldBe(3);
        (await _runner.RunAsync(command.WithAnyExitCode())).ExitCode.ShouldBe(3);
    }

    [Fact]
    public async Task Secrets_are_redacted_in_lines_results_and_errors()
    {
        var secret = "hunter2-hunter2";
        var lines = new List<OutputLine>();
        var command = Shell("echo token=$1; exit 1", secret) with { Secrets = [secret] };
        var error = await Should.ThrowAsync<ProcessFailedException>(_runner.RunAsync(command, lines.Add));

        lines.ShouldHaveSingleItem().Text.ShouldBe("token=***");
        error.Message.ShouldNotContain(secret);
        error.ToString().ShouldNotContain(secret);
    }

    [Fact]
    public async Task A_tool_that_is_not_there_is_named()
    {
        var error = await Should.ThrowAsync<ToolNotFoundException>(_runner.RunAsync(ToolCommand.Of("no-such-tool-here")));
        error.Message.ShouldContain("no-such-tool-here");
        error.Remedy.ShouldNotBeNull();
    }

    [Fact]
    public async Task Standard_input_is_empty_so_that_nothing_waits_for_a_key()
    {
        var result = await _runner.RunAsync(Shell("read x || echo nothing to read"));
        result.StandardOutput.ShouldBe("nothing to read");
    }

    [Fact]
    public async Task Standard_input_can_be_given_and_need_not_be_read()
    {
        (await _runner.RunAsync(ToolCommand.Of("cat") with { StandardInput = "hällo\n" })).StandardOutput.ShouldBe("hällo");
        (await _runner.RunAsync(ToolCommand.Of("true") with { StandardInput = new string('x', 1_000_000) })).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task The_process_leads_its_own_group_and_session()
    {
        var result = await _runner.RunAsync(Shell("cut -d' ' -f1,5,6 /proc/$$/stat"));
        var ids = result.StandardOutput.Split(' ');
        ids[1].ShouldBe(ids[0]);
        ids[2].ShouldBe(ids[0]);
    }

    [Fact]
    public async Task The_environment_is_the_runners_plus_the_commands()
    {
        var runner = new ProcessRunner(_redactor, TimeProvider.System, AbsolutePath.CurrentDirectory,
            new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")!, ["KEEP"] = "1", ["DROP"] = "2" });
        var result = await runner.RunAsync(Shell("echo $KEEP-$DROP-$NEW").WithEnvironment("DROP", null).WithEnvironment("NEW", "3"));
        result.StandardOutput.ShouldBe("1--3");
    }

    [Fact]
    public async Task The_time_limit_kills_the_whole_tree()
    {
        var ids = new List<int>();
        var time = new ManualTimeProvider();
        var runner = new ProcessRunner(_redactor, time, AbsolutePath.CurrentDirectory);
        var started = new TaskCompletionSource();
        var run = runner.RunAsync(
            Shell("sleep 100 & echo $!; (setsid sleep 100 & echo $!; wait) & trap '' TERM; echo ready; wait; sleep 100")
                with
            { Timeout = TimeSpan.FromSeconds(30) },
            line =>
            {
                if (int.TryParse(line.Text, out var id))
                    ids.Add(id);
                if (ids.Count == 2)
                    started.TrySetResult();
            });
        await started.Task.WaitAsync(TimeSpan.FromSeconds(20));
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(31));
            await Task.Yield();
        }

        var error = await Should.ThrowAsync<ProcessFailedException>(run);
        error.TimedOut.ShouldBeTrue();
        error.Message.ShouldContain("30 s");
        foreach (var id in ids)
            await ShouldBeGone(id);
    }

    [Fact]
    public async Task Cancelling_stops_the_tree_before_it_returns()
    {
        using var cancel = new CancellationTokenSource();
        var child = 0;
        var run = _runner.RunAsync(Shell("sleep 100 & echo $!; wait"), line =>
        {
            child = int.Parse(line.Text);
            cancel.Cancel();
        }, cancel.Token);
        await Should.ThrowAsync<OperationCanceledException>(run);
        await ShouldBeGone(child);
    }

    [Fact]
    public async Task A_process_left_behind_does_not_hold_the_runner_up()
    {
        var watch = Stopwatch.StartNew();
        var result = await _runner.RunAsync(Shell("sleep 60 & echo $!"));
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
        using var left = Process.GetProcessById(int.Parse(result.StandardOutput));
        left.Kill();
    }

    [Fact]
    public async Task Many_processes_at_once_do_not_mix_their_outputs()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => _runner.RunAsync(Shell("echo $1; exit $1", $"{i}").WithAnyExitCode())));
        results.Select((x, i) => (x.ExitCode, x.StandardOutput) == (i, $"{i}")).ShouldAllBe(x => x);
    }

    [Fact]
    public void A_command_is_a_value_and_shows_itself_quoted()
    {
        ToolCommand.Of("git", "commit", "-m", "it's").ShouldBe(ToolCommand.Of("git", "commit", "-m", "it's"));
        ToolCommand.Of("git", "commit", "-m", "it's").Display.ShouldBe("git commit -m 'it'\\''s'");
    }

    static async Task ShouldBeGone(int id)
    {
        // Killed is not yet reaped: wait, bounded, until the process table says so too.
        for (var i = 0; i < 1000 && IsRunning(id); i++)
            await Task.Delay(5);
        IsRunning(id).ShouldBeFalse();
    }

    static bool IsRunning(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (Exception e) when (e is IOException)
        {
            return false;
        }
    }
}
