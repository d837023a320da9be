using System.Globalization;
using BenchmarkDotNet.Attributes;
using Fairlead.Engine;

namespace Fairlead.Benchmarks;

/// <summary>A whole run in one process of a build of ten empty targets: discovery, plan, execution, summary. Per target: a tenth.</summary>
[InProcess]
[ShortRunJob]
public class ExecutionBenchmark
{
    readonly string _root = Directory.CreateTempSubdirectory("fairlead-benchmark-").FullName;

    [GlobalCleanup]
    public void Clean() => Directory.Delete(_root, recursive: true);

    [Params(1, 4)]
    public int Workers { get; set; }

    [Benchmark(OperationsPerInvoke = 10)]
    public async Task<BuildResult> Run() => await FairleadBuild.RunAsync<TenTargets>(new BuildOptions
    {
        Arguments = ["T9", "--parallel", Workers.ToString(CultureInfo.InvariantCulture), "--verbosity", "Quiet"],
        RootDirectory = _root,
        Environment = new Dictionary<string, string>(),
        Output = TextWriter.Null,
    });

    sealed class TenTargets : FairleadBuild
    {
        Target T0 => _ => _.Executes(() => { });

        Target T1 => _ => _.DependsOn(T0).Executes(() => { });

        Target T2 => _ => _.DependsOn(T0).Executes(() => { });

        Target T3 => _ => _.DependsOn(T1).Executes(() => { });

        Target T4 => _ => _.DependsOn(T2).Executes(() => { });

        Target T5 => _ => _.DependsOn(T3, T4).Executes(() => { });

        Target T6 => _ => _.DependsOn(T5).Executes(() => { });

        Target T7 => _ => _.DependsOn(T5).Executes(() => { });

        Target T8 => _ => _.DependsOn(T6).Executes(() => { });

        Target T9 => _ => _.DependsOn(T7, T8).Executes(() => { });
    }
}
