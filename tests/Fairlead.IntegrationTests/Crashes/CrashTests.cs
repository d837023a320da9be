using System.Collections.Concurrent;
using System.Diagnostics;

namespace Fairlead.IntegrationTests;

/// <summary>
/// Real commands, killed with SIGKILL before and after each of their effects, with the real agent and real services; then the same
/// command again.
/// </summary>
[Collection(nameof(SwitchingCollection))]
public sealed class CrashTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>So many environments are worked on at once.</summary>
    const int Lanes = 2;

    readonly CrashReleases _releases = new();

    public void Dispose() => _releases.Dispose();

    [Fact]
    public async Task A_first_deployment_that_was_killed_is_finished_by_the_same_command()
    {
        var effects = await CountAsync("deploy 1.0.0");
        await ForEachAsync(CrashPoint.Everywhere(effects), async queue =>
        {
            while (queue.TryDequeue(out var point))
            {
                await using var environment = new CrashEnvironment(_releases);
                await CaseAsync(environment, point, async () =>
                {
                    await environment.RunAsync("deploy 1.0.0", point);
                    await environment.RunAsync("deploy 1.0.0");
                    await environment.ShouldBeWholeAsync("1.0.0");
                });
            }
        });
    }

    [Fact]
    public async Task A_later_deployment_that_was_killed_is_finished_by_the_same_command_and_no_client_notices()
    {
        var effects = await CountAsync("deploy 1.1.0", "1.0.0");
        var requests = 0L;
        await ForEachAsync(CrashPoint.Everywhere(effects), async queue =>
        {
            await using var environment = new CrashEnvironment(_releases);
            await environment.DeployAsync("1.0.0");
            Interlocked.Add(ref requests, await HammerAsync(environment, async () =>
            {
                // Each release is deployed over the one of the case before.
                for (var release = 1; queue.TryDequeue(out var point); release++)
                {
                    await CaseAsync(environment, point, async () =>
                    {
                        await environment.RunAsync($"deploy 1.{release}.0", point);
                        await environment.RunAsync($"deploy 1.{release}.0");
                        await environment.ShouldBeWholeAsync($"1.{release}.0");
                    });
                }
            }));
        });
        output.WriteLine($"{requests} requests meanwhile, none failed");
    }

    [Fact]
    public async Task After_a_killed_deployment_another_release_can_be_deployed_and_no_client_notices()
    {
        var effects = await CountAsync("deploy 1.1.0", "1.0.0");
        var requests = 0L;
        await ForEachAsync(CrashPoint.Everywhere(effects).Where((_, index) => index % 3 == 0), async queue =>
        {
            await using var environment = new CrashEnvironment(_releases);
            await environment.DeployAsync("1.0.0");
            Interlocked.Add(ref requests, await HammerAsync(environment, async () =>
            {
                for (var release = 1; queue.TryDequeue(out var point); release += 2)
                {
                    await CaseAsync(environment, point, async () =>
                    {
                        await environment.RunAsync($"deploy 1.{release}.0", point);
                        await environment.RunAsync($"deploy 1.{release + 1}.0");
                        await environment.ShouldBeWholeAsync($"1.{release + 1}.0");
                    });
                }
            }));
        });
        output.WriteLine($"{requests} requests meanwhile, none failed");
    }

    [Fact]
    public async Task A_rollback_that_was_killed_is_finished_by_the_same_command_and_no_client_notices()
    {
        var effects = await CountAsync("rollback", "1.0.0", "1.1.0");
        var finished = effects.IndexOf("store: append OperationFinished") + 1;
        var requests = 0L;
        await ForEachAsync(CrashPoint.Everywhere(effects), async queue =>
        {
            await using var environment = new CrashEnvironment(_releases);
            await environment.DeployAsync("1.0.0");
            Interlocked.Add(ref requests, await HammerAsync(environment, async () =>
            {
                while (queue.TryDequeue(out var point))
                {
                    // What is on disk before an effect and after the one before it is the same: each form of the command meets everything.
                    // Once it is finished, ':rollback' without a version would be another rollback.
                    var command = point.Moment == "before" && point.Effect <= finished ? "rollback" : "rollback 1.0.0";
                    await environment.DeployAsync("1.1.0");
                    await CaseAsync(environment, point, async () =>
                    {
                        await environment.RunAsync(command, point);
                        await environment.RunAsync(command);
                        await environment.ShouldBeWholeAsync("1.0.0");
                    });
                }
            }));
        });
        output.WriteLine($"{requests} requests meanwhile, none failed");
    }

    [Fact]
    public async Task A_removal_that_was_killed_is_finished_by_the_same_command()
    {
        var effects = await CountAsync("down", "1.0.0");
        await ForEachAsync(CrashPoint.Everywhere(effects), async queue =>
        {
            await using var environment = new CrashEnvironment(_releases);
            while (queue.TryDequeue(out var point))
            {
                await environment.DeployAsync("1.0.0");
                await CaseAsync(environment, point, async () =>
                {
                    await environment.RunAsync("down", point);
                    await environment.RunAsync("down");
                    await environment.ShouldBeWholeAsync(null);
                });
            }
        });
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("both")]
    public async Task When_the_agent_is_killed_the_same_command_again_still_ends_whole(string victim)
    {
        var effects = await CountAsync("deploy 1.1.0", "1.0.0");
        await ForEachAsync(CrashPoint.Everywhere(effects, victim).Where(x => x.Name.StartsWith("platform", StringComparison.Ordinal)), async queue =>
        {
            await using var environment = new CrashEnvironment(_releases);
            await environment.DeployAsync("1.0.0");
            for (var release = 1; queue.TryDequeue(out var point); release++)
            {
                await CaseAsync(environment, point, async () =>
                {
                    await environment.RunAsync($"deploy 1.{release}.0", point);
                    await environment.RunAsync($"deploy 1.{release}.0");
                    await environment.ShouldBeWholeAsync($"1.{release}.0");
                });
            }
        });
    }

    const string Canary = """
        replicas: 2
        strategy: { type: canary, stages: [{ name: some, percentage: 20, duration: 1s }] }
        analysis: { interval: 200ms, compare: { response_time: 900% }, min_samples: 1, hold: 1s, inconclusive: promote }
        """;

    const string Rolling = """
        replicas: 2
        strategy: { type: rolling }
        analysis: { interval: 200ms }
        """;

    [Theory]
    [InlineData(Canary)]
    [InlineData(Rolling)]
    public async Task A_gradual_deployment_that_was_killed_is_finished_by_the_same_command_and_no_client_notices(string strategy)
    {
        var effects = await CountAsync("deploy 1.1.0", strategy, ["1.0.0"]);
        var requests = 0L;
        // Every effect on the platform, and of the journal's entries one in three: the simulated platform has them all.
        var points = CrashPoint.Everywhere(effects).Where((x, index) => x.Name.StartsWith("platform", StringComparison.Ordinal) || index % 3 == 0);
        await ForEachAsync(points, async queue =>
        {
            await using var environment = new CrashEnvironment(_releases, strategy);
            await environment.DeployAsync("1.0.0");
            Interlocked.Add(ref requests, await HammerAsync(environment, async () =>
            {
                for (var release = 1; queue.TryDequeue(out var point); release += 2)
                {
                    await CaseAsync(environment, point, async () =>
                    {
                        await environment.RunAsync($"deploy 1.{release}.0", point);
                        // The same one goes on, another one takes it back first: in turn.
                        var next = point.Effect % 2 == 0 ? $"1.{release}.0" : $"1.{release + 1}.0";
                        await environment.RunAsync($"deploy {next}");
                        await environment.ShouldBeWholeAsync(next);
                    });
                }
            }));
        });
        output.WriteLine($"{requests} requests meanwhile, none failed");
    }

    [Theory]
    [InlineData(Canary)]
    [InlineData(Rolling)]
    public async Task When_the_agent_is_killed_in_a_gradual_deployment_the_same_command_again_still_ends_whole(string strategy)
    {
        var effects = await CountAsync("deploy 1.1.0", strategy, ["1.0.0"]);
        await ForEachAsync(CrashPoint.Everywhere(effects, "both").Where(x => x.Name.StartsWith("platform", StringComparison.Ordinal)), async queue =>
        {
            await using var environment = new CrashEnvironment(_releases, strategy);
            await environment.DeployAsync("1.0.0");
            for (var release = 1; queue.TryDequeue(out var point); release++)
            {
                await CaseAsync(environment, point, async () =>
                {
                    await environment.RunAsync($"deploy 1.{release}.0", point);
                    await environment.RunAsync($"deploy 1.{release}.0");
                    await environment.ShouldBeWholeAsync($"1.{release}.0");
                });
            }
        });
    }

    [Theory]
    [InlineData(Canary)]
    [InlineData(Rolling)]
    public async Task When_the_command_is_killed_and_nobody_comes_the_agent_gives_the_traffic_back(string strategy)
    {
        strategy += "\ncontroller_lost: { after: 2s, then: rollback }";
        var effects = await CountAsync("deploy 1.1.0", strategy, ["1.0.0"]);
        var guarded = CrashPoint.Everywhere(effects)
            .SkipWhile(x => x.Name != "platform: guard").Skip(3).TakeWhile(x => x.Name != "platform: unguard").Where(x => x.Moment == "after");
        await ForEachAsync(guarded, async queue =>
        {
            await using var environment = new CrashEnvironment(_releases, strategy);
            await environment.DeployAsync("1.0.0");
            await HammerAsync(environment, async () =>
            {
                for (var release = 1; queue.TryDequeue(out var point); release++)
                {
                    await CaseAsync(environment, point, async () =>
                    {
                        await environment.RunAsync($"deploy 1.{release}.0", point);
                        await environment.UntilGivenBackToAsync("1.0.0");
                        await environment.RunAsync("rollback 1.0.0");
                        await environment.ShouldBeWholeAsync("1.0.0");
                    });
                }
            });
        });
    }

    /// <summary>The effects of a command that nobody kills.</summary>
    Task<List<string>> CountAsync(string command, params string[] before) => CountAsync(command, "", before);

    async Task<List<string>> CountAsync(string command, string strategy, string[] before)
    {
        await using var environment = new CrashEnvironment(_releases, strategy);
        foreach (var version in before)
            await environment.DeployAsync(version);
        var effects = await environment.RunAsync(command);
        effects.Count(x => x.StartsWith("platform", StringComparison.Ordinal)).ShouldBeGreaterThan(0);
        return effects;
    }

    async Task ForEachAsync(IEnumerable<CrashPoint> points, Func<ConcurrentQueue<CrashPoint>, Task> lane)
    {
        var all = points.ToList();
        var queue = new ConcurrentQueue<CrashPoint>(CrashPoint.Chosen(all));
        var cases = queue.Count;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => Task.Run(() => lane(queue))));
        queue.ShouldBeEmpty();
        output.WriteLine($"{cases} of {all.Count} cases in {clock.Elapsed.TotalSeconds:0.0} s");
    }

    static async Task CaseAsync(CrashEnvironment environment, CrashPoint point, Func<Task> test)
    {
        try
        {
            await test();
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{point}: {exception.Message}\n{await environment.DescribeAsync()}", exception);
        }
    }

    /// <summary>A client asks all the while, and every answer must be the right one to the last byte.</summary>
    /// <returns>The number of requests.</returns>
    static async Task<long> HammerAsync(CrashEnvironment environment, Func<Task> meanwhile)
    {
        using var stop = new CancellationTokenSource();
        // The pause leaves the cores to what is tested.
        var client = new LoadClient(1, environment.Port, LoadClient.StorefrontMix, () => Thread.Sleep(5));
        var running = Task.Run(() => client.RunAsync(stop.Token));
        try
        {
            await meanwhile();
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }

        client.Failures.ShouldBeEmpty();
        client.Requests.ShouldBeGreaterThan(100);
        return client.Requests;
    }
}
