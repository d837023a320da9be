using System.Text.Json;
using Fairlead.Engine;
using Fairlead.SupplyChain;
using Fairlead.Tooling;
using static Fairlead.Engine.DotNetTasks;

namespace Fairlead.Components;

/// <summary>Compares benchmarks (BenchmarkDotNet) with a baseline that is kept in the repository.</summary>
public interface IHazBenchmarks : ICompile, IHazVerdicts
{
    /// <summary>The projects of the benchmarks: by default those whose names end in <c>.Benchmarks</c>.</summary>
    IEnumerable<Project> BenchmarkProjects => Solution.GetAllProjects("*.Benchmarks");

    /// <summary>Which benchmarks are compared: BenchmarkDotNet's <c>--filter</c>. Default: all.</summary>
    string BenchmarkFilter => "*";

    /// <summary>What is accepted as so much slower, in percent, before anything is called a regression. Default: 10.</summary>
    double BenchmarkTolerance => 10;

    /// <summary>The baseline: measurements of an earlier commit, on a machine like this one.</summary>
    AbsolutePath BenchmarkBaseline => RootDirectory / ".nuke" / "benchmarks.json";

    /// <summary>Runs the benchmarks and compares.</summary>
    Target CompareBenchmarks => _ => _
        .Description("Compares the benchmarks with the stored baseline")
        .DependsOn(Compile)
        .Executes(() =>
        {
            Forget(VerdictKinds.Benchmarks);
            var measured = Measure();
            if (!BenchmarkBaseline.FileExists())
                Report(new Verdict(VerdictKinds.Benchmarks, VerdictOutcome.NotDone, $"There is no baseline to compare {measured.Results.Count} benchmarks with. './build.sh AcceptBenchmarks' writes one."), "Benchmarks");
            else
                Report(BenchmarkComparison.Of(Read(BenchmarkBaseline), measured, BenchmarkTolerance), "Benchmarks");
        });

    /// <summary>Runs the benchmarks and makes them the baseline.</summary>
    Target AcceptBenchmarks => _ => _
        .Description("Runs the benchmarks and makes them the baseline")
        .DependsOn(Compile)
        .Executes(() =>
        {
            var measured = Measure();
            AtomicFile.Write(BenchmarkBaseline, measured.ToJson());
            ReportSummary("Benchmarks", $"{measured.Results.Count} are the baseline now: commit {RootDirectory.GetUnixRelativePathTo(BenchmarkBaseline)}");
        });

    private BenchmarkResults Measure()
    {
        var results = (TemporaryDirectory / "benchmarks").CreateOrCleanDirectory();
        foreach (var project in BenchmarkProjects)
        {
            DotNetRun(_ => _
                .SetProjectFile(project)
                .SetConfiguration(Configuration.Release)
                .SetApplicationArguments("--filter", BenchmarkFilter, "--exporters", "fulljson", "--artifacts", results / project.Name));
        }

        var files = results.GlobFiles("**/*-report-full.json");
        return files.Count == 0
            ? throw new UserErrorException("The benchmarks left no report, so nothing was measured.", "Name projects that pass their arguments to BenchmarkSwitcher ('IHazBenchmarks.BenchmarkProjects'), and see what they have written above.")
            : BenchmarkResults.Join(files.Select(Read));
    }

    private static BenchmarkResults Read(AbsolutePath file)
    {
        try
        {
            return BenchmarkResults.Parse(file.ReadAllText());
        }
        catch (JsonException exception)
        {
            throw new UserErrorException($"'{file}' cannot be read: {exception.Message}", "Write it anew: ./build.sh AcceptBenchmarks", exception);
        }
    }
}
