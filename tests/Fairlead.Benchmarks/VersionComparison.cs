using System.Diagnostics;
using System.Globalization;
using Fairlead.Tooling;
using Fairlead.Versioning;

namespace Fairlead.Benchmarks;

/// <summary>
/// A version from histories of all sizes, beside git's own walk over the same commits (<c>git log --format=%H</c>), in one run: with and without
/// commit-graph, the first time and again.
/// </summary>
static class VersionComparison
{
    const int Rounds = 7;

    static readonly (int Commits, int Tags, int Branches)[] Sizes =
    [
        (1_000, 10, 3), (1_000, 1_000, 3), (10_000, 10, 3), (10_000, 1_000, 3),
        (100_000, 10, 3), (100_000, 1_000, 3), (100_000, 10_000, 3), (100_000, 1_000, 10_000),
    ];

    public static async Task RunAsync()
    {
        Console.WriteLine($"{"commits",8} {"tags",6} {"branches",8} {"graph",-5} {"git log",9} {"first",9} {"again",9}  {"ratio",6} {"first",6}   version");
        foreach (var (commits, tags, branches) in Sizes)
        {
            var directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-version-").FullName);
            try
            {
                var processes = new ProcessRunner(new Redactor(), TimeProvider.System, directory);
                await SyntheticRepository.CreateAsync(processes, directory, commits, tags, branches);
                await MeasureAsync(processes, directory, commits, tags, branches, "no");
                await processes.RunAsync(ToolCommand.Of("git", "commit-graph", "write", "--reachable"));
                await MeasureAsync(processes, directory, commits, tags, branches, "yes");
            }
            finally
            {
                directory.DeleteDirectory();
            }
        }
    }

    static async Task MeasureAsync(ProcessRunner processes, AbsolutePath directory, int commits, int tags, int branches, string graph)
    {
        List<double> log = [], first = [], again = [];
        var version = "";
        for (var round = 0; round < Rounds; round++)
        {
            // In turn, so that whatever else the machine does meets all alike.
            log.Add(await TimeAsync(() => processes.ReadAsync(ToolCommand.Of("git", "log", "--format=%H"), _ => { })));
            (directory / ".git" / "fairlead").DeleteDirectory();
            first.Add(await TimeAsync(Version));
            again.Add(await TimeAsync(Version));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{commits,8} {tags,6} {branches,8} {graph,-5} {Median(log),6:F1} ms {Median(first),6:F1} ms {Median(again),6:F1} ms  {Median(again) / Median(log),6:F2} {Median(first) / Median(log),6:F2}   {version}"));

        async Task Version()
        {
            var history = await new RepositoryReader(processes).ReadAsync(directory);
            version = VersionOf(history);
        }
    }

    static string VersionOf(RepositoryHistory history) => VersionCalculator.Calculate(history, VersioningConfigurationReader.Default).Variables.FullSemVer;

    static async Task<double> TimeAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
