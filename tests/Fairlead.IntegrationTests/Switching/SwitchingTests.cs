using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Fairlead.Agent;
using Fairlead.Deployment;

namespace Fairlead.IntegrationTests;

/// <summary>
/// The proof that a switch loses nothing. The proxy's own code serves; each switch drains the old replica and resets all of its
/// connections the moment draining reports done. Attempts are limited to one: no repetition covers a loss.
/// </summary>
/// <remarks>FAIRLEAD_SWITCHES sets the number of switches of the large runs; the number of requests grows with it.</remarks>
[Collection(nameof(SwitchingCollection))]
public sealed class SwitchingTests(ITestOutputHelper output)
{
    // With the shares of the switches below, 500 switches come to a million requests.
    const int FewPerSwitch = 300;
    const int ManyPerSwitch = 2_600;

    static readonly int Switches = int.TryParse(Environment.GetEnvironmentVariable("FAIRLEAD_SWITCHES"), out var number) ? number : 500;

    [Fact]
    public async Task Two_clients_lose_nothing_over_many_switches()
    {
        var run = await SwitchAsync(clients: 2, Switches / 4, FewPerSwitch, inFlightAtLeast: 1, wrongOrder: false);
        run.Failures.ShouldBeEmpty();
        run.Requests.ShouldBeGreaterThanOrEqualTo((long)Switches / 4 * FewPerSwitch);
    }

    [Fact]
    public async Task Thirty_two_clients_lose_nothing_over_many_switches()
    {
        var run = await SwitchAsync(clients: 32, Switches - (Switches / 4), ManyPerSwitch, inFlightAtLeast: 20, wrongOrder: false);
        run.Failures.ShouldBeEmpty();
        run.Requests.ShouldBeGreaterThanOrEqualTo((long)(Switches - (Switches / 4)) * ManyPerSwitch);
        run.LeastInFlight.ShouldBeGreaterThanOrEqualTo(20);
    }

    [Fact]
    public async Task Counting_after_choosing_would_lose_requests()
    {
        var run = await SwitchAsync(clients: 32, switches: 100, requestsPerSwitch: 200, inFlightAtLeast: 0, wrongOrder: true);
        run.Failures.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Real_processes_are_switched_without_a_loss_and_killed_when_drained()
    {
        var switches = Math.Max(3, Switches / 20);
        await using var environment = new StorefrontEnvironment();
        await environment.PrepareAsync();
        await environment.GoLiveAsync(StorefrontEnvironment.Spec(1));
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 8).Select(x => new LoadClient(x, environment.Url.Port, LoadClient.StorefrontMix, () => { })).ToArray();
        var running = load.Select(x => Task.Run(() => x.RunAsync(stop.Token))).ToArray();
        var clock = Stopwatch.StartNew();
        List<double> switchMilliseconds = [];
        for (var ordinal = 2; ordinal < switches + 2; ordinal++)
        {
            var spec = StorefrontEnvironment.Spec(ordinal);
            await environment.Platform.BringUpAsync(spec, environment.Token, CancellationToken.None);
            await environment.WaitForAsync(spec.Revision.Name, x => x.Phase == RevisionPhase.Healthy);
            var begun = Stopwatch.GetTimestamp();
            await environment.Platform.SetWeightsAsync("storefront", TrafficWeights.AllTo(spec.Revision.Name), environment.Token, CancellationToken.None);
            switchMilliseconds.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            (await environment.GetVersionAsync()).ShouldContain($"1.0.{ordinal}");
            // No grace: it is killed the moment draining is done.
            await environment.Platform.RetireAsync($"storefront.{ordinal - 1}", TimeSpan.Zero, environment.Token, CancellationToken.None);
        }

        await stop.CancelAsync();
        await Task.WhenAll(running);
        var requests = load.Sum(x => x.Requests);
        switchMilliseconds.Sort();
        output.WriteLine(
            $"8 clients, {switches} switches of real processes, {requests} requests in {clock.Elapsed.TotalSeconds:F1} s, "
            + $"from decision to all new requests on the new side {switchMilliseconds[switchMilliseconds.Count / 2]:F1} ms (median), {switchMilliseconds[^1]:F1} ms (longest)");
        load.SelectMany(x => x.Failures).ShouldBeEmpty();
        environment.Notices.ShouldBeEmpty();
    }

    async Task<Run> SwitchAsync(int clients, int switches, int requestsPerSwitch, int inFlightAtLeast, bool wrongOrder)
    {
        var router = new Router();
        var pauses = 0;
        var forwarder = new Forwarder("test", new SeamRouter(router, Pause, wrongOrder), TimeProvider.System, _ => { }, attempts: 1);
        var url = FreeUrl();
        await using var server = ProxyServer.Listen(url, () => forwarder, TimeProvider.System);
        var (revision, backend) = Start(0);
        router.Switch(new RoutingTable([(revision, 100)]));

        long requests = 0;
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, clients).Select(x => new LoadClient(x, url.Port, LoadClient.BackendMix, () => Interlocked.Increment(ref requests))).ToArray();
        var running = load.Select(x => Task.Run(() => x.RunAsync(stop.Token))).ToArray();
        var clock = Stopwatch.StartNew();
        List<double> switchMilliseconds = [];
        var leastInFlight = int.MaxValue;
        for (var i = 1; i <= switches; i++)
        {
            while (Interlocked.Read(ref requests) < (long)i * requestsPerSwitch)
                await Task.Delay(1);
            var (nextRevision, nextBackend) = Start(i);
            var patience = Stopwatch.StartNew();
            int inFlight;
            while ((inFlight = revision.Gate.Count) < inFlightAtLeast && patience.Elapsed < TimeSpan.FromSeconds(10))
                await Task.Yield();
            leastInFlight = Math.Min(leastInFlight, inFlight);

            var begun = Stopwatch.GetTimestamp();
            router.Switch(new RoutingTable([(nextRevision, 100)]));
            switchMilliseconds.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            revision.Gate.Close();
            await revision.Gate.Drained;
            backend.Dispose();
            foreach (var target in revision.Targets)
                target.Dispose();
            (revision, backend) = (nextRevision, nextBackend);
        }

        await stop.CancelAsync();
        await Task.WhenAll(running);
        backend.Dispose();
        await server.StopAsync(TimeSpan.FromSeconds(5), TimeProvider.System);
        var run = new Run(load.Sum(x => x.Requests), [.. load.SelectMany(x => x.Failures)], leastInFlight);
        output.WriteLine(
            $"{clients} clients, {switches} switches, {run.Requests} requests in {clock.Elapsed.TotalSeconds:F1} s ({run.Requests / clock.Elapsed.TotalSeconds:F0}/s), "
            + $"in flight at a switch at least {leastInFlight}, switch at most {switchMilliseconds.Max():F3} ms, failures {run.Failures.Count}"
            + (wrongOrder ? " (counting after choosing)" : ""));
        foreach (var failure in run.Failures.Take(5))
            output.WriteLine("  " + failure);
        return run;

        // Every fourth request waits between being given a replica and being sent to it, long enough for a whole switch.
        Task Pause() => Interlocked.Increment(ref pauses) % 4 == 0 ? Task.Delay(2) : Task.CompletedTask;
    }

    static (RoutedRevision Revision, DyingBackend Backend) Start(int ordinal)
    {
        var backend = new DyingBackend();
        var revision = new RoutedRevision("test", $"test.{ordinal}");
        revision.SetTargets([new Upstream(backend.Port)]);
        return (revision, backend);
    }

    static Uri FreeUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    sealed record Run(long Requests, IReadOnlyList<string> Failures, int LeastInFlight);
}
