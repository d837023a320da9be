using System.Diagnostics;
using Fairlead.Deployment;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>Machines that share nothing but a git repository.</summary>
public sealed class GitStoreTests(ITestOutputHelper output) : IDisposable
{
    const int Races = 200;
    const int Deployments = 50;

    readonly StoreMachines _machines = new();

    public void Dispose() => _machines.Dispose();

    [Fact]
    public async Task Of_two_machines_that_want_the_lock_at_once_exactly_one_gets_it_every_time()
    {
        string[] names = ["here", "there"];
        var stores = names.ToDictionary(x => x, x => _machines.On(x), StringComparer.Ordinal);
        var wins = new Dictionary<string, int>(StringComparer.Ordinal) { ["here"] = 0, ["there"] = 0 };
        var tokens = new List<long>();
        var taking = Stopwatch.StartNew();
        taking.Reset();
        var appending = new List<double>();
        for (var round = 0; round < Races; round++)
        {
            taking.Start();
            var tries = await Task.WhenAll(names.Select(x => Task.Run(() => TryAsync(x))));
            taking.Stop();
            var (winner, held, _) = tries.Where(x => x.Lock is not null).ShouldHaveSingleItem($"round {round}");
            tries.Single(x => x.Lock is null).Refusal.ShouldNotBeNull().Message.ShouldContain($"ada@{winner}");
            wins[winner]++;
            tokens.Add(held!.Token.Value);
            var watch = Stopwatch.StartNew();
            await held.AppendAsync(new JournalEvent.StepIntended($"{round} {winner}"), CancellationToken.None);
            appending.Add(watch.Elapsed.TotalMilliseconds);
            await held.DisposeAsync();
        }

        tokens.ShouldBe(Enumerable.Range(1, Races).Select(x => (long)x));
        var journal = await _machines.On("third").ReadJournalAsync("staging", CancellationToken.None);
        journal.Select(x => (x.Sequence, x.Token)).ShouldBe(Enumerable.Range(1, Races).Select(x => ((long)x, (long)x)));
        (await stores["here"].ReadJournalAsync("staging", CancellationToken.None)).Length.ShouldBe(journal.Length);
        appending.Sort();
        output.WriteLine($"{Races} races: here {wins["here"]}, there {wins["there"]}; {taking.Elapsed.TotalMilliseconds / Races:0} ms until both know; append median {appending[Races / 2]:0} ms, p95 {appending[Races * 95 / 100]:0} ms.");

        async Task<(string Name, IDeploymentLock? Lock, UserErrorException? Refusal)> TryAsync(string name)
        {
            try
            {
                return (name, await stores[name].LockAsync("staging", StoreMachines.Request(name), CancellationToken.None), null);
            }
            catch (UserErrorException exception)
            {
                return (name, null, exception);
            }
        }
    }

    [Fact]
    public async Task The_lock_of_a_killed_command_passes_on_when_its_lease_is_over()
    {
        using var child = await ChildAsync("there", lease: 3);
        await TellAsync(child, "one", "appended");
        child.Kill();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        var watch = Stopwatch.StartNew();
        await using var held = await _machines.On("here").LockAsync("staging", StoreMachines.Request("here", wait: 60), CancellationToken.None);
        output.WriteLine($"{watch.Elapsed.TotalSeconds:0.0} s after the kill, with a lease of 3 s.");
        watch.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(2));
        held.Token.Value.ShouldBe(2);
    }

    [Fact]
    public async Task The_lock_of_a_killed_command_is_free_at_once_on_the_same_machine()
    {
        using var child = await ChildAsync("here", lease: 600);
        child.Kill();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        await using var held = await _machines.On("here").LockAsync("staging", StoreMachines.Request("here"), CancellationToken.None);
        held.Token.Value.ShouldBe(2);
    }

    [Fact]
    public async Task A_command_that_was_stopped_and_wakes_up_after_its_lease_changes_nothing()
    {
        using var child = await ChildAsync("there", lease: 3);
        await TellAsync(child, "one", "appended");
        await SignalAsync(child, "STOP");
        await using var held = await _machines.On("here").LockAsync("staging", StoreMachines.Request("here", wait: 60), CancellationToken.None);
        await held.AppendAsync(new JournalEvent.StepIntended("two"), CancellationToken.None);
        await SignalAsync(child, "CONT");
        await TellAsync(child, "late", "fenced off");
        await held.AppendAsync(new JournalEvent.StepIntended("three"), CancellationToken.None);
        (await _machines.On("third").ReadJournalAsync("staging", CancellationToken.None))
            .Select(x => (x.Token, ((JournalEvent.StepIntended)x.Event).Step)).ShouldBe([(1, "one"), (2, "two"), (2, "three")]);
        child.Kill();
    }

    [Fact]
    public async Task A_repository_that_vanishes_during_a_deployment_stops_it_and_the_traffic_goes_back_all_the_same()
    {
        var platform = new SimulatedPlatform(TimeProvider.System);
        await _machines.Deployer("here", _machines.On("here"), platform, TimeSpan.Zero)
            .DeployAsync(StoreMachines.Staging, StoreMachines.Release("1.0.0"), _machines.Releases, _ => { }, CancellationToken.None);
        var before = platform.State.WeightsOf("shop");
        var watch = new Stopwatch();
        platform.OnEffect = x =>
        {
            if (!x.StartsWith("switch", StringComparison.Ordinal))
                return;
            if (_machines.Remote.DirectoryExists())
            {
                Directory.Move(_machines.Remote, $"{_machines.Remote}.away");
                watch.Start();
            }
            else
            {
                watch.Stop();
            }
        };
        var log = new List<string>();
        await Should.ThrowAsync<UserErrorException>(_machines.Deployer("here", _machines.On("here", patience: 2), platform, TimeSpan.Zero)
            .DeployAsync(StoreMachines.Staging, StoreMachines.Release("1.1.0"), _machines.Releases, log.Add, CancellationToken.None));
        platform.OnEffect = null;
        output.WriteLine($"The traffic was back {watch.Elapsed.TotalSeconds:0.0} s after the repository had vanished, with a patience of 2 s.");
        platform.State.WeightsOf("shop").ShouldBe(before, string.Join('\n', log));
        log.ShouldContain(x => x.Contains("traffic is given back all the same", StringComparison.Ordinal));

        Directory.Move($"{_machines.Remote}.away", _machines.Remote);
        await _machines.Deployer("here", _machines.On("here"), platform, TimeSpan.Zero)
            .DeployAsync(StoreMachines.Staging, StoreMachines.Release("1.2.0"), _machines.Releases, _ => { }, CancellationToken.None);
        var journal = await _machines.On("there").ReadJournalAsync("staging", CancellationToken.None);
        journal.Count(x => x.Delay == JournalDelay.Late).ShouldBeGreaterThan(2);
        journal.Count(x => x.Event is JournalEvent.OperationFinished { Result: OperationResult.Undone }).ShouldBe(1);
        journal.Count(x => x.Event is JournalEvent.OperationFinished { Result: OperationResult.Succeeded }).ShouldBe(2);
    }

    [Fact]
    public async Task Two_clones_that_deploy_at_once_do_it_one_after_the_other()
    {
        var platform = new SimulatedPlatform(TimeProvider.System);
        string[] names = ["here", "there"];
        var stores = names.ToDictionary(x => x, x => _machines.On(x), StringComparer.Ordinal);
        var (both, refused) = (0, 0);
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < Deployments; round++)
        {
            // In every second round nobody waits: one is told who deploys.
            var wait = round % 2 == 0 ? TimeSpan.FromMinutes(1) : TimeSpan.Zero;
            var versions = round % 3 == 0 ? (string[])["1.0.0", "1.1.0"] : ["1.1.0", "1.2.0"];
            var results = await Task.WhenAll(names.Select((x, i) => Task.Run(() => DeployAsync(x, versions[i], wait))));
            results.Count(x => x is null).ShouldBeGreaterThan(0, $"round {round}");
            foreach (var refusal in results.OfType<UserErrorException>())
            {
                wait.ShouldBe(TimeSpan.Zero, refusal.ToString());
                refusal.Message.ShouldContain("Somebody else is changing staging of shop: ada@");
            }

            _ = results.All(x => x is null) ? both++ : refused++;
            var status = await _machines.Deployer("here", stores["here"], platform, TimeSpan.Zero).StatusAsync(StoreMachines.Staging, CancellationToken.None);
            status.Unfinished.ShouldBeNull();
            status.Holder.ShouldBeNull();
            var live = status.Live.ShouldNotBeNull().Target.Services.ShouldHaveSingleItem();
            platform.State.Revisions.ShouldHaveSingleItem().Revision.ShouldBe(live.Revision, $"round {round}");
            platform.State.WeightsOf("shop").ShouldBe(TrafficWeights.AllTo(live.Revision.Name));
        }

        var journal = await _machines.On("third").ReadJournalAsync("staging", CancellationToken.None);
        journal.Select(x => x.Token).ShouldBeInOrder();
        output.WriteLine($"{Deployments} rounds: both deployed {both}, one was told who deploys {refused}; {journal.Length} entries, {watch.Elapsed.TotalSeconds:0} s.");

        async Task<UserErrorException?> DeployAsync(string name, string version, TimeSpan wait)
        {
            try
            {
                await _machines.Deployer(name, stores[name], platform, wait)
                    .DeployAsync(StoreMachines.Staging, StoreMachines.Release(version), _machines.Releases, _ => { }, CancellationToken.None);
                return null;
            }
            catch (UserErrorException exception)
            {
                return exception;
            }
        }
    }

    async Task<Process> ChildAsync(string machine, int lease)
    {
        var start = new ProcessStartInfo(CrashReleases.Dotnet)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                CrashReleases.OutputOf("tests/Fairlead.CrashHost") / "Fairlead.CrashHost.dll",
                "--operation", "hold", "--state", _machines.StateOf(machine), "--store", _machines.Remote, "--lease", $"{lease}",
            },
        };
        var child = Process.Start(start)!;
        (await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("token 1");
        return child;
    }

    static async Task TellAsync(Process child, string line, string answer)
    {
        await child.StandardInput.WriteLineAsync(line);
        await child.StandardInput.FlushAsync();
        (await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe(answer);
    }

    static async Task SignalAsync(Process child, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{child.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
