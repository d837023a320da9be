using System.Globalization;
using BenchmarkDotNet.Running;
using Fairlead.Benchmarks;

switch (args)
{
    case ["proxy"]:
        await ProxyComparison.RunAsync(ProxyComparison.UsualRounds);
        return;
    case ["proxy", var rounds]:
        await ProxyComparison.RunAsync(int.Parse(rounds, CultureInfo.InvariantCulture));
        return;
    case ["version"]:
        await VersionComparison.RunAsync();
        return;
    case ["proxy-serve", var port, var backend]:
        await ProxyComparison.ServeAsync(int.Parse(port, CultureInfo.InvariantCulture), int.Parse(backend, CultureInfo.InvariantCulture));
        return;
}

// Side by side, in one run: what users feel at the prompt, then the engine's own costs.
await StartupComparison.RunAsync();
BenchmarkRunner.Run<PlanningBenchmark>();
BenchmarkRunner.Run<ExecutionBenchmark>();
