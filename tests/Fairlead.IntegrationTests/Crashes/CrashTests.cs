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

    /// <summary>The effects of a command that nobody kills.</summary>
    async Task<List<string>> CountAsync(string command, params string[] before)
    {
        await using var environment = new CrashEnvironment(_releases);
        foreach (var version in before)
            await environment.DeployAsync(version);
        var effects = await environment.RunAsync(command);
        effects.Count(x => x.StartsWith("platform", StringComparison.Ordinal)).ShouldBeGreaterThan(0);
        return effects;
    }

    async Task ForEachAsync(IEnumerable<CrashPoint> points, Func<ConcurrentQueue<CrashPoint>, Task> lane)
    {
        var queue = new ConcurrentQueue<CrashPoint>(points);
        var cases = queue.Count;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => Task.Run(() => lane(queue))));
        queue.ShouldBeEmpty();
        output.WriteLine($"{cases} cases in {clock.Elapsed.TotalSeconds:0.0} s");
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
