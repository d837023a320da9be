using System.Globalization;
using BenchmarkDotNet.Running;
using Fairlead.Benchmarks;
using Fairlead.Tooling;

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
    case ["changelog"]:
        await ChangelogComparison.RunAsync();
        return;
    case ["changelog", var directory]:
        await ChangelogComparison.RunAsync(AbsolutePath.Resolve(AbsolutePath.CurrentDirectory, directory));
        return;
    case ["changelog-write", var directory, var release]:
        await ChangelogComparison.WriteAsync(AbsolutePath.Create(directory), release);
        return;
    case ["sbom"]:
        await SbomComparison.RunAsync(AbsolutePath.CurrentDirectory);
        return;
    case ["sbom", var directory]:
        await SbomComparison.RunAsync(AbsolutePath.Resolve(AbsolutePath.CurrentDirectory, directory));
        return;
    case ["sbom-write", var directory, var output]:
        SbomComparison.Write(AbsolutePath.Create(directory), AbsolutePath.Create(output));
        return;
    case ["proxy-serve", var port, var backend]:
        await ProxyComparison.ServeAsync(int.Parse(port, CultureInfo.InvariantCulture), int.Parse(backend, CultureInfo.InvariantCulture));
        return;
}

// Side by side, in one run: what users feel at the prompt, then the engine's own costs.
await StartupComparison.RunAsync();
BenchmarkRunner.Run<PlanningBenchmark>();
BenchmarkRunner.Run<ExecutionBenchmark>();
