using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Agent.Tests;

public sealed class ReplicaTests : IDisposable
{
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-test-").FullName);
    readonly ManualTimeProvider _time = new();
    readonly FakeReplicaHost _host = new();

    public void Dispose() => _root.DeleteDirectory();

    internal static RevisionMessage Spec(int ordinal = 1, int replicas = 1, bool probe = true) => new()
    {
        Service = "shop",
        Ordinal = ordinal,
        ArtifactDigest = "sha256:" + new string('a', 64),
        ConfigurationDigest = "sha256:b",
        Version = "1.0.0",
        ArtifactFile = "/nowhere/shop.tar.gz",
        Command = ["sh", "-c", "true"],
        Variables = new Dictionary<string, string> { ["GREETING"] = "ahoy", ["PORT"] = "80" },
        Replicas = replicas,
        Probe = probe ? new ProbeMessage("/health", "/ready", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), 3) : null,
        DrainTimeout = TimeSpan.FromSeconds(30),
        StopGrace = TimeSpan.FromSeconds(10),
    };

    RevisionRunner Start(int replicas = 1, bool probe = true)
    {
        var runner = new RevisionRunner(Spec(replicas: replicas, probe: probe), _root, new AgentPaths(_root), _host, _time, _ => { });
        runner.Start();
        return runner;
    }

    static Task UntilAsync(RevisionRunner runner, string phase) => Waiting.UntilAsync(() => runner.Describe().Phase == phase);

    [Fact]
    public async Task A_replica_gets_its_variables_its_port_and_its_mark()
    {
        var runner = Start();
        var described = _host.Next().Described;
        described.Environment["GREETING"].ShouldBe("ahoy");
        described.Environment["PORT"].ShouldBe("101");
        described.Environment["ASPNETCORE_URLS"].ShouldBe("http://127.0.0.1:101");
        described.Environment["FAIRLEAD_AGENT_STATE"].ShouldBe(_root.ToString());
        string[] may = ["PATH", "HOME", "TMPDIR", "LANG", "DOTNET_ROOT", "TZ", "GREETING", "PORT", "ASPNETCORE_URLS", "FAIRLEAD_AGENT_STATE"];
        described.Environment.Keys.ShouldBeSubsetOf(may);
        await runner.StopAsync();
    }

    [Fact]
    public async Task A_revision_is_healthy_and_routed_when_all_replicas_answer_their_probes()
    {
        _host.Problem = "GET /ready answered 503.";
        var runner = Start(replicas: 2);
        await Waiting.UntilAsync(() => runner.Describe().Detail?.Contains("503") == true && _time.WaitingTimers == 2);
        runner.Describe().Phase.ShouldBe("Starting");
        runner.Routed.Targets.ShouldBeEmpty();

        _host.Problem = null;
        _time.Advance(TimeSpan.FromSeconds(1));

        await UntilAsync(runner, "Healthy");
        runner.Routed.Targets.Count.ShouldBe(2);
        runner.Describe().Detail.ShouldBeNull();
        await runner.StopAsync();
    }

    [Fact]
    public async Task A_replica_that_uses_more_memory_than_it_may_is_ended_and_started_again()
    {
        var runner = new RevisionRunner(Spec() with { MemoryLimit = 100 << 20 }, _root, new AgentPaths(_root), _host, _time, _ => { });
        runner.Start();
        var process = _host.Next();
        await UntilAsync(runner, "Healthy");
        process.Memory = 101 << 20;
        string? detail = null;
        await Waiting.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            detail ??= runner.Describe() is { Phase: "Unhealthy" } seen ? seen.Detail : null;
            return _host.All.Count == 2 && detail is not null;
        });
        detail.ShouldNotBeNull().ShouldContain("was ended because it used 101 MiB of memory; its limit is 100 MiB.");
        await runner.StopAsync();
    }

    [Fact]
    public async Task A_crashed_replica_is_started_again_after_one_second_then_two_then_four_up_to_thirty()
    {
        var runner = Start();
        List<double> waits = [];
        for (var i = 0; i < 7; i++)
        {
            var process = _host.Next();
            await UntilAsync(runner, "Healthy");
            var healthyTimers = _time.WaitingTimers;
            process.Crash(1);
            await UntilAsync(runner, "Unhealthy");
            await Waiting.UntilAsync(() => _time.WaitingTimers == 1);
            waits.Add((_time.NextDue!.Value - _time.GetUtcNow()).TotalSeconds);
            runner.Routed.Targets.ShouldBeEmpty();
            _time.Advance(_time.NextDue!.Value - _time.GetUtcNow());
        }

        waits.ShouldBe([1, 2, 4, 8, 16, 30, 30]);
        runner.Routed.Metrics.Restarts.ShouldBeInRange(6, 7);
        await runner.StopAsync();
    }

    [Fact]
    public async Task Three_starts_without_ever_being_healthy_make_the_revision_unhealthy_with_exit_code_and_last_lines()
    {
        _host.Problem = "not yet";
        var runner = Start();
        for (var i = 1; i <= 3; i++)
        {
            var process = _host.Next();
            await Waiting.UntilAsync(() => runner.Describe().Detail?.Contains("not yet") == true);
            process.Crash(7, $"attempt {i} failed\n");
            await Waiting.UntilAsync(() => runner.Describe().Detail?.Contains("exit code 7") == true && _time.WaitingTimers == 1);
            runner.Describe().Phase.ShouldBe(i < 3 ? "Starting" : "Unhealthy");
            if (i < 3)
                _time.Advance(TimeSpan.FromSeconds(i));
        }

        var detail = runner.Describe().Detail.ShouldNotBeNull();
        detail.ShouldContain("attempt 3 failed");
        detail.ShouldNotContain("attempt 2");
        await runner.StopAsync();
    }

    [Fact]
    public async Task A_replica_that_was_well_may_fail_two_probes_and_not_three()
    {
        var runner = Start();
        await UntilAsync(runner, "Healthy");
        await Waiting.UntilAsync(() => _time.WaitingTimers == 1);
        _host.Problem = "slow";
        for (var i = 0; i < 2; i++)
        {
            var due = _time.NextDue;
            _time.Advance(TimeSpan.FromSeconds(1));
            await Waiting.UntilAsync(() => _time.NextDue > due);
        }

        runner.Describe().Phase.ShouldBe("Healthy");
        _time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(runner, "Unhealthy");
        runner.Describe().Detail.ShouldNotBeNull().ShouldContain("slow");
        runner.Routed.Targets.Count.ShouldBe(1, "the only replica is kept: none at all would be worse");
        await runner.StopAsync();
    }

    [Fact]
    public async Task A_replica_that_hangs_is_started_again_with_the_same_pause_as_after_a_crash()
    {
        var runner = Start();
        var process = _host.Next();
        await UntilAsync(runner, "Healthy");
        await Waiting.UntilAsync(() => _time.WaitingTimers == 1);
        _host.Hanging[101] = true;
        for (var i = 0; i < 3; i++)
        {
            process.Exited.IsCompleted.ShouldBeFalse($"after {i} probes");
            var due = _time.NextDue;
            _time.Advance(TimeSpan.FromSeconds(1));
            await Waiting.UntilAsync(() => _time.NextDue > due || process.Exited.IsCompleted);
        }

        (await process.Exited).ShouldBe(137);
        await Waiting.UntilAsync(() => runner.Describe().Detail?.Contains("did not answer any more") == true && _time.WaitingTimers == 1);
        _time.Advance(TimeSpan.FromSeconds(1));
        _host.Next();
        await UntilAsync(runner, "Healthy");
        await runner.StopAsync();
    }

    [Fact]
    public async Task When_all_replicas_hang_one_is_started_again_at_a_time_and_the_next_when_that_one_is_well()
    {
        var runner = Start(replicas: 2);
        FakeProcess[] first = [_host.Next(), _host.Next()];
        await UntilAsync(runner, "Healthy");
        await Waiting.UntilAsync(() => _time.WaitingTimers == 2);
        _host.Hanging[101] = _host.Hanging[102] = true;
        for (var i = 0; i < 3; i++)
        {
            var due = _time.NextDue;
            _time.Advance(TimeSpan.FromSeconds(1));
            await Waiting.UntilAsync(() => _time.WaitingTimers == 2 && _time.NextDue > due);
        }

        first.Count(x => x.Exited.IsCompleted).ShouldBe(1);
        runner.Routed.Targets.Count.ShouldBe(1);
        for (var i = 0; i < 10 && first.Any(x => !x.Exited.IsCompleted); i++)
        {
            var due = _time.NextDue;
            _time.Advance(TimeSpan.FromSeconds(1));
            await Waiting.UntilAsync(() => _time.WaitingTimers == 2 && _time.NextDue > due);
        }

        first.ShouldAllBe(x => x.Exited.IsCompleted);
        await runner.StopAsync();
    }

    [Fact]
    public async Task A_replica_that_is_alive_and_not_ready_is_not_started_again()
    {
        var runner = Start();
        var process = _host.Next();
        await UntilAsync(runner, "Healthy");
        await Waiting.UntilAsync(() => _time.WaitingTimers == 1);
        _host.Problem = "GET /ready answered 503.";
        for (var i = 0; i < 10; i++)
        {
            var due = _time.NextDue;
            _time.Advance(TimeSpan.FromSeconds(1));
            await Waiting.UntilAsync(() => _time.NextDue > due);
        }

        process.Exited.IsCompleted.ShouldBeFalse();
        await runner.StopAsync();
    }

    [Fact]
    public async Task A_worker_without_probes_is_healthy_while_it_runs()
    {
        var runner = Start(probe: false);
        var process = _host.Next();
        await Waiting.UntilAsync(() => _time.WaitingTimers == 1);
        runner.Describe().Phase.ShouldBe("Starting");
        _time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(runner, "Healthy");
        process.Crash(1);
        await UntilAsync(runner, "Unhealthy");
        await runner.StopAsync();
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        var spec = Spec() with { Command = ["no-such-program"] };
        var runner = new RevisionRunner(spec, _root, new AgentPaths(_root), _host, _time, _ => { });
        runner.Start();
        await Waiting.UntilAsync(() => runner.Describe().Detail?.Contains("no-such-program") == true);
        await runner.StopAsync();
    }

    [Fact]
    public async Task Retiring_waits_for_what_is_in_flight_then_stops_and_says_that_nothing_was_cut()
    {
        var runner = Start();
        var process = _host.Next();
        await UntilAsync(runner, "Healthy");
        runner.Routed.Gate.TryEnter();
        var retirement = runner.Retire(() => { });
        runner.Retire(() => { }).ShouldBe(retirement);
        runner.Describe().Phase.ShouldBe("Draining");
        process.Exited.IsCompleted.ShouldBeFalse();

        runner.Routed.Gate.Leave();

        (await retirement).ShouldBe(0);
        (await process.Exited).ShouldBe(143);
    }

    [Fact]
    public async Task What_is_still_in_flight_after_the_drain_timeout_is_cut_and_counted()
    {
        var runner = Start();
        await UntilAsync(runner, "Healthy");
        await Waiting.UntilAsync(() => _time.WaitingTimers == 1);
        runner.Routed.Gate.TryEnter();
        var retirement = runner.Retire(() => { });
        await Waiting.UntilAsync(() => _time.WaitingTimers == 2);

        _time.Advance(TimeSpan.FromSeconds(30));

        (await retirement).ShouldBe(1);
        runner.Routed.Metrics.Cut.ShouldBe(1);
    }

    [Fact]
    public async Task A_replica_goes_on_being_supervised_when_its_process_cannot_be_ended_or_its_log_cannot_be_read()
    {
        var runner = Start();
        var process = _host.Next();
        await UntilAsync(runner, "Healthy");
        await Waiting.UntilAsync(() => _time.WaitingTimers == 1);
        process.KillError = new IOException("Too many open files");
        var log = process.Described.OutputFile!;
        log.DeleteFile();
        log.CreateDirectory();

        process.Crash(137);
        await UntilAsync(runner, "Unhealthy");
        runner.Routed.Targets.ShouldBeEmpty();
        await Waiting.UntilAsync(() => _time.WaitingTimers == 1);
        _time.Advance(TimeSpan.FromSeconds(1));

        await UntilAsync(runner, "Healthy");
        _host.Next().KillError = new IOException("Too many open files");
        (await runner.Retire(() => { }).WaitAsync(TimeSpan.FromSeconds(10))).ShouldBe(0);
    }

    [Fact]
    public async Task A_retirement_that_failed_can_be_asked_for_again()
    {
        var runner = Start();
        await UntilAsync(runner, "Healthy");
        await Should.ThrowAsync<IOException>(runner.Retire(() => throw new IOException("disk")));
        (await runner.Retire(() => { })).ShouldBe(0);
    }

    [Fact]
    public void A_log_is_cut_when_it_has_grown_too_long_and_the_tail_is_of_the_last_start()
    {
        var file = _root / "logs" / "x.log";
        file.WriteAllText("an earlier start\n");
        var log = new ReplicaLog(file, limit: 100);
        log.Begin();
        File.AppendAllText(file, "this start\n");
        log.Tail().ShouldBe("this start");
        File.AppendAllText(file, new string('x', 200));
        log.Bound();
        new FileInfo(file).Length.ShouldBe(0);
        (file + ".1").ReadAllText().ShouldContain("this start");
        log.Tail().ShouldBe("");
    }
}
