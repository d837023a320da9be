using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>Each strategy with real processes under steady traffic, with good and bad releases.</summary>
[Collection(nameof(SwitchingCollection))]
public sealed class RolloutTests(ITestOutputHelper output) : IDisposable
{
    const int Lanes = 2;
    const int Clients = 20;

    static readonly (string Name, int Weight, string Yaml)[] Strategies =
    [
        ("canary", 50, """
            strategy: { type: canary, stages: [{ name: canary-10, percentage: 10, duration: 15s, success_criteria: { error_rate: "<1%" } }, { name: canary-50, percentage: 50, duration: 10s, success_criteria: { error_rate: "<1%" } }] }
            analysis: { interval: 500ms, compare: { response_time: 20% } }
            rollback: { triggers: { error_rate: ">2%", health_check_failures: 3 }, watch: 5s }
            """),
        ("blue-green in shares", 50, """
            strategy: { type: blue-green, stages: [{ name: ten, percentage: 10, duration: 15s, success_criteria: { error_rate: "<1%", response_time: "<420ms" } }, { name: half, percentage: 50, duration: 10s, success_criteria: { error_rate: "<1%" } }], fallback: 10m }
            analysis: { interval: 500ms }
            rollback: { triggers: { error_rate: ">2%", response_time: ">420ms" }, watch: 5s }
            """),
        ("rolling", 50, """
            strategy: { type: rolling, batch_size: 1, pause: 12s, success_criteria: { error_rate: "<1%", response_time: "<420ms" } }
            analysis: { interval: 500ms }
            rollback: { triggers: { error_rate: ">2%", response_time: ">420ms" }, watch: 5s }
            """),
        ("blue-green", 100, """
            strategy: blue-green
            analysis: { interval: 500ms }
            rollback: { triggers: { error_rate: ">2%", response_time: ">420ms" }, watch: 15s }
            """),
    ];

    // Far enough apart for a machine that is slow by itself.
    static readonly (string Name, string Variables)[] Faults =
    [
        ("good", "STOREFRONT_DELAY_MS=300"),
        ("3 % errors", "STOREFRONT_DELAY_MS=300 STOREFRONT_ERROR_RATE=0.03"),
        ("slower by half", "STOREFRONT_DELAY_MS=450"),
        ("unhealthy after a while", "STOREFRONT_DELAY_MS=300 STOREFRONT_UNHEALTHY_AFTER=8"),
        ("crash on start", "STOREFRONT_CRASH_ON_START=1"),
        ("above its memory", "STOREFRONT_DELAY_MS=300 STOREFRONT_LEAK_KB=4096"),
    ];

    readonly CrashReleases _releases = new();

    public void Dispose() => _releases.Dispose();

    [Fact]
    public async Task Good_releases_lose_no_request_and_bad_ones_are_all_taken_back()
    {
        var cases = new ConcurrentQueue<(int Number, (string Name, int Weight, string Yaml) Strategy, (string Name, string Variables) Fault)>(
            Strategies.SelectMany(_ => Faults, (strategy, fault) => (strategy, fault)).Select((x, index) => (index, x.strategy, x.fault)));
        var results = new ConcurrentBag<(int Number, Result Result)>();
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => Task.Run(async () =>
        {
            while (cases.TryDequeue(out var x))
                results.Add((x.Number, await RunAsync(x.Number, x.Strategy, x.Fault)));
        })));

        var ordered = results.OrderBy(x => x.Number).Select(x => x.Result).ToList();
        output.WriteLine(Table(ordered));
        ordered.Where(x => x.Fault == "good").ShouldAllBe(x => x.IsLive && x.FailedOfStable == 0 && x.FailedOfNew == 0);
        ordered.Where(x => x.Fault != "good").ShouldAllBe(x => !x.IsLive);
        // Whoever did not meet the bad release noticed nothing.
        ordered.ShouldAllBe(x => x.FailedOfStable == 0);
        ordered.Where(x => x.Fault != "good" && x.Weight < 100).ShouldAllBe(x => x.ShareMet <= (x.Weight + 2) / 100.0);
    }

    async Task<Result> RunAsync(int number, (string Name, int Weight, string Yaml) strategy, (string Name, string Variables) fault)
    {
        var version = $"1.{number + 1}.0";
        await using var environment = new RolloutEnvironment(strategy.Yaml);
        await environment.DeployAsync(_releases.Of("1.0.0", "STOREFRONT_DELAY_MS=300"), first: true);
        using var load = new SteadyLoad(environment.Url, Clients, TimeSpan.FromMilliseconds(200));
        load.Start();
        await Task.Delay(TimeSpan.FromSeconds(1));
        var begun = Stopwatch.GetTimestamp();
        string? failure = null;
        try
        {
            await environment.DeployAsync(_releases.Of(version, fault.Variables), first: false);
        }
        catch (UserErrorException exception)
        {
            failure = exception.Message;
        }

        var ended = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(1));
        await load.StopAsync();

        var answers = load.Answers.Where(x => x.At >= begun && x.At <= ended).ToList();
        var met = answers.Where(x => x.Version == version).ToList();
        // What nobody answered was lost on the way to either; it counts against the stable one only where the new one had nothing to lose.
        var lost = answers.Where(x => x.Version is null).ToList();
        var live = await environment.LiveVersionAsync();
        var after = load.Answers.Where(x => x.At > ended).ToList();
        after.ShouldAllBe(x => x.IsGood && x.Version == live, $"{strategy.Name}, {fault.Name}");
        if (failure is null != (fault.Name == "good"))
            output.WriteLine($"{strategy.Name}, {fault.Name}: {failure ?? "went live"}{Environment.NewLine}{environment.Log}");
        return new Result(
            strategy.Name,
            strategy.Weight,
            fault.Name,
            live == version,
            answers.Count,
            answers.Count == 0 ? 0 : (double)met.Count / answers.Count,
            met.Count(x => !x.IsGood) + (fault.Name == "good" ? 0 : lost.Count),
            answers.Count(x => x.Version == "1.0.0" && !x.IsGood) + (fault.Name == "good" ? lost.Count : 0),
            met.Count == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(met.Min(x => x.At), met.Max(x => x.At)),
            Stopwatch.GetElapsedTime(begun, ended));
    }

    static string Table(IEnumerable<Result> results)
    {
        var text = new StringBuilder("| strategy | release | ended | requests | met the new one | of these failed | others failed | time with the new one | whole |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (var x in results)
            text.Append(CultureInfo.InvariantCulture, $"| {x.Strategy} | {x.Fault} | {(x.IsLive ? "live" : "taken back")} | {x.Requests} | {x.ShareMet:P1} | {x.FailedOfNew} | {x.FailedOfStable} | {x.TimeWithNew.TotalSeconds:0.0} s | {x.Duration.TotalSeconds:0.0} s |\n");
        return text.ToString();
    }

    sealed record Result(
        string Strategy, int Weight, string Fault, bool IsLive, int Requests, double ShareMet, int FailedOfNew, int FailedOfStable, TimeSpan TimeWithNew, TimeSpan Duration);
}
