using System.Diagnostics;
using System.Text;
using Fairlead.Testing;
using FsCheck;
using FsCheck.Fluent;

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
    public async Task Cancelling_ends_what_has_its_own_session_and_ignores_requests_too()
    {
        using var cancel = new CancellationTokenSource();
        var child = 0;
        var run = _runner.RunAsync(Shell("setsid sh -c 'trap \"\" TERM; echo $$; while :; do sleep 1; done' & wait"), line =>
        {
            child = int.Parse(line.Text);
            cancel.Cancel();
        }, cancel.Token);
        await Should.ThrowAsync<OperationCanceledException>(run);
        await ShouldBeGone(child);
    }

    [Fact]
    public async Task A_slow_taker_of_lines_gets_all_of_them()
    {
        var lines = new List<string>();
        var result = await _runner.RunAsync(Shell("seq 1 20; seq 21 25 >&2"), line =>
        {
            Thread.Sleep(150);
            lines.Add(line.Text);
        });
        lines.Select(int.Parse).Order().ShouldBe(Enumerable.Range(1, 25));
        result.Lines.Count.ShouldBe(25);
    }

    [Fact]
    public async Task A_slow_taker_does_not_slow_the_process_down()
    {
        // More than a pipe holds: the process could not end if its lines waited for their taker.
        using var taken = new ManualResetEventSlim();
        using var directory = new TemporaryDirectory();
        var run = _runner.RunAsync(Shell("seq 1 50000; touch $1", directory.Path / "ended"), _ => taken.Wait());
        for (var i = 0; i < 2000 && !(directory.Path / "ended").FileExists(); i++)
            await Task.Delay(10);
        (directory.Path / "ended").FileExists().ShouldBeTrue();
        taken.Set();
        (await run).Lines.Count.ShouldBe(50_000);
    }

    [Fact]
    public async Task All_that_was_written_before_the_end_arrives_though_something_keeps_writing()
    {
        // The shell writes each line at once; a program that fills a buffer first would have noise in the middle of its lines.
        var result = await _runner.RunAsync(Shell("(trap '' PIPE; while :; do echo noise; sleep 0.01; done) 2>/dev/null & echo pid $!; i=0; while [ $i -lt 10000 ]; do i=$((i+1)); echo $i; done"));
        // It is still there: had the runner waited for it, it would be gone, or this would never be reached.
        using var left = Process.GetProcessById(int.Parse(result.Lines.Single(x => x.Text.StartsWith("pid ", StringComparison.Ordinal)).Text[4..]));
        left.Kill();
        result.Lines.Select(x => x.Text).Where(x => int.TryParse(x, out _)).ShouldBe(Enumerable.Range(1, 10_000).Select(x => $"{x}"));
    }

    [Fact]
    public async Task Output_that_is_data_arrives_byte_by_byte_and_is_not_kept()
    {
        using var taken = new MemoryStream();
        var result = await _runner.ReadAsync(Shell("printf 'a\\000\\377\\r\\n'; head -c 1000000 /dev/zero; echo said >&2"), x => taken.Write(x));
        taken.ToArray()[..5].ShouldBe([(byte)'a', 0, 255, 13, 10]);
        taken.Length.ShouldBe(1_000_005);
        result.Lines.Single().ShouldBe(new OutputLine(OutputKind.Error, "said"));
    }

    [Fact]
    public async Task A_failure_of_the_taker_of_data_is_not_swallowed_and_holds_nothing_up()
    {
        var error = await Should.ThrowAsync<InvalidOperationException>(
            _runner.ReadAsync(Shell("head -c 1000000 /dev/zero"), _ => throw new InvalidOperationException("no more")));
        error.Message.ShouldBe("no more");
    }

    [Fact]
    public async Task A_failure_of_the_taker_is_not_swallowed()
    {
        var error = await Should.ThrowAsync<InvalidOperationException>(_runner.RunAsync(Shell("echo x"), _ => throw new InvalidOperationException("no more")));
        error.Message.ShouldBe("no more");
    }

    [Fact]
    public async Task Processes_end_with_the_one_that_started_them()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv"), "needs util-linux");
        (await _runner.RunAsync(ToolCommand.Of("setpriv", "--dump"))).StandardOutput.ShouldContain("Parent death signal: KILL");
    }

    [Fact]
    public async Task The_end_of_the_thread_that_asked_for_a_process_is_not_its_end()
    {
        ChildProcess? child = null;
        var thread = new Thread(() => child = ChildProcess.Start(new ChildProcessStart
        {
            Program = "/bin/sleep",
            Arguments = ["0.5"],
            WorkingDirectory = "/",
            Environment = new Dictionary<string, string>(),
            EndWithParent = true,
        }));
        thread.Start();
        thread.Join();
        (await child!.Exited).ShouldBe(0);
    }

    [Fact]
    public async Task A_process_left_behind_does_not_hold_the_runner_up()
    {
        var result = await _runner.RunAsync(Shell("sleep 60 & echo $!"));
        // It is still there: had the runner waited for it, it would be gone, or this would never be reached.
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

public sealed class EnvironmentVariablesTests
{
    static readonly Dictionary<string, string> Windows = new(StringComparer.Ordinal) { ["Path"] = "C:\\tools", ["Keep"] = "1", ["Drop"] = "2" };

    [Fact]
    public void Changes_find_a_variable_whatever_case_it_is_written_in_where_the_system_does()
    {
        var merged = EnvironmentVariables.Merge(Windows, [new("DROP", null), new("keep", "3")], StringComparer.OrdinalIgnoreCase);
        merged.GetValueOrDefault("PATH").ShouldBe("C:\\tools");
        merged.ShouldNotContainKey("Drop");
        merged["Keep"].ShouldBe("3");
    }

    [Fact]
    public void Elsewhere_case_counts() =>
        EnvironmentVariables.Merge(Windows, [new("PATH", "/bin")], StringComparer.Ordinal).Count.ShouldBe(4);
}

public sealed class LineSplitterTests
{
    [Fact]
    public void Lines_do_not_depend_on_how_the_bytes_were_cut() => Prop.ForAll<NonEmptyArray<string>, PositiveInt>((words, size) =>
    {
        string[] ends = ["\n", "\r\n", "\r", "ü€😀"];
        var text = string.Concat(words.Get.Select((x, i) => (x ?? "").Replace('\uFEFF', '_') + ends[i % ends.Length]));
        var bytes = Encoding.UTF8.GetBytes(text);
        var expected = new List<string>();
        using var reader = new StringReader(Encoding.UTF8.GetString(bytes));
        while (reader.ReadLine() is { } line)
            expected.Add(line);

        var lines = new List<string>();
        var splitter = new LineSplitter(lines.Add);
        foreach (var piece in bytes.Chunk(size.Get))
            splitter.Add(piece);
        splitter.Complete();
        return lines.SequenceEqual(expected, StringComparer.Ordinal);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_byte_order_mark_is_no_text()
    {
        var lines = new List<string>();
        var splitter = new LineSplitter(lines.Add);
        splitter.Add([0xEF, 0xBB]);
        splitter.Add([0xBF, (byte)'a', (byte)'\n', (byte)'\n']);
        splitter.Complete();
        lines.ShouldBe(["a", ""]);
    }
}
