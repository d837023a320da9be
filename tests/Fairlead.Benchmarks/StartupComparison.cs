using System.Diagnostics;
using Fairlead.Tooling;

namespace Fairlead.Benchmarks;

/// <summary>A warm <c>./build.sh --list</c> beside what one would do without it: <c>dotnet build</c> with nothing to do and <c>dotnet run --no-build</c>.</summary>
static class StartupComparison
{
    const int Runs = 15;

    public static async Task RunAsync()
    {
        var root = AbsolutePath.Create(AppContext.BaseDirectory).FindParentOrSelf(x => (x / "build.sh").FileExists())
            ?? throw new InvalidOperationException("The benchmarks run inside the repository.");
        var project = root / "build" / "_build.csproj";
        ToolCommand script = ToolCommand.Of("./build.sh", "--list");
        var build = DotNet.Command("build", project, "--nologo");
        var run = DotNet.Command("run", "--no-build", "--project", project, "--", "--list");
        var runner = new ProcessRunner(new Redactor(), TimeProvider.System, root);
        foreach (var command in new[] { script, build, run })
            await runner.RunAsync(command);

        List<(double Script, double Build, double Run)> times = [];
        for (var i = 0; i < Runs; i++)
            times.Add((await TimeAsync(runner, script), await TimeAsync(runner, build), await TimeAsync(runner, run)));

        Console.WriteLine($"Whole processes, median of {Runs} runs in turn:");
        Console.WriteLine($"  ./build.sh --list                    {Median(times.Select(x => x.Script)),7:0.000} s  (budget 0.150 s)");
        Console.WriteLine($"  dotnet build, nothing to do          {Median(times.Select(x => x.Build)),7:0.000} s");
        Console.WriteLine($"  dotnet run --no-build -- --list      {Median(times.Select(x => x.Run)),7:0.000} s");
        Console.WriteLine($"  ratio to build + run, run by run     {Median(times.Select(x => x.Script / (x.Build + x.Run))),7:0.000}    (budget 0.100)");
        Console.WriteLine();
    }

    static async Task<double> TimeAsync(ProcessRunner runner, ToolCommand command)
    {
        var started = Stopwatch.GetTimestamp();
        await runner.RunAsync(command);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
