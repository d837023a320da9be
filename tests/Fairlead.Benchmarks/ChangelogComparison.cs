using System.Diagnostics;
using System.Globalization;
using Fairlead.Changelog;
using Fairlead.Tooling;

namespace Fairlead.Benchmarks;

/// <summary>
/// A changelog of one release and of the whole history, beside git's own walk with all messages (<c>git log</c>) and, where it is found on the PATH or named by
/// <c>GIT_CLIFF</c>, beside git-cliff: in one run, in turn, medians.
/// </summary>
static class ChangelogComparison
{
    const int UsualRounds = 5;
    const int RoundsOfLarge = 3;
    const int Large = 50_000;

    static readonly (int Commits, int Tags)[] Sizes = [(1_000, 10), (1_000, 1_000), (10_000, 10), (10_000, 1_000), (100_000, 10), (100_000, 1_000)];

    /// <summary>Compares on synthetic repositories of all sizes.</summary>
    public static async Task RunAsync()
    {
        Heading();
        foreach (var (commits, tags) in Sizes)
        {
            var directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-changelog-").FullName);
            try
            {
                var processes = Processes(directory);
                await SyntheticRepository.CreateAsync(processes, directory, commits, tags);
                await processes.RunAsync(ToolCommand.Of("git", "commit-graph", "write", "--reachable"));
                await CompareAsync(processes, directory, $"{commits}/{tags}", commits >= Large ? RoundsOfLarge : UsualRounds);
            }
            finally
            {
                directory.DeleteDirectory();
            }
        }
    }

    /// <summary>Compares on a repository that is there. What it remembers of authors is forgotten and learnt again.</summary>
    public static async Task RunAsync(AbsolutePath directory)
    {
        Heading();
        await CompareAsync(Processes(directory), directory, directory.Name, RoundsOfLarge);
    }

    /// <summary>What the comparison starts as a process of its own.</summary>
    /// <param name="directory">The repository.</param>
    /// <param name="release">The release, or <c>--all</c>.</param>
    public static async Task WriteAsync(AbsolutePath directory, string release) => Console.Out.Write(await TextAsync(Processes(directory), directory, RangeOf(release)));

    static void Heading()
    {
        Console.WriteLine("Milliseconds; ratios to git-cliff in brackets. 'first': nothing is remembered of earlier authors; 'process': a fresh one.");
        Console.WriteLine($"{"commits/tags",-15}|{"git log",8}{"first",8}{"warm",8}{"process",16}{"git-cliff",10} |{"git log",8}{"warm",8}{"process",16}{"git-cliff",10}");
        Console.WriteLine($"{"",-15}|{"one release",-50} |the whole history");
    }

    static async Task CompareAsync(ProcessRunner processes, AbsolutePath directory, string name, int rounds)
    {
        var cliff = Environment.GetEnvironmentVariable("GIT_CLIFF") ?? ToolPath.Find("git-cliff", directory, Environment.GetEnvironmentVariable("PATH"))?.ToString();
        var (before, release) = await NewestAsync(processes);
        var memory = directory / (Directory.Exists(directory / ".git") ? ".git/fairlead" : "fairlead");
        var one = await MeasureAsync(processes, directory, cliff, rounds, release, [$"{before}..{release}"], [$"{before}..{release}"], memory);
        var all = await MeasureAsync(processes, directory, cliff, rounds, "--all", ["HEAD"], [], memory: null);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-15}|{one.Log,8:F1}{one.First,8:F1}{one.Warm,8:F1}{one.Ratio,16}{one.Cliff,10:F0} |{all.Log,8:F1}{all.Warm,8:F1}{all.Ratio,16}{all.Cliff,10:F0}"));
    }

    static async Task<Times> MeasureAsync(
        ProcessRunner processes, AbsolutePath directory, string? cliff, int rounds, string release, string[] logRange, string[] cliffRange, AbsolutePath? memory)
    {
        List<double> log = [], first = [], warm = [], process = [], other = [];
        await TextAsync(processes, directory, RangeOf(release));
        for (var round = 0; round < rounds; round++)
        {
            // In turn, so that whatever else the machine does meets all alike.
            log.Add(await TimeAsync(() => processes.ReadAsync(ToolCommand.Of("git", ["log", "--format=%H%n%B", .. logRange]), _ => { })));
            memory?.DeleteDirectory();
            first.Add(await TimeAsync(() => TextAsync(processes, directory, RangeOf(release))));
            warm.Add(await TimeAsync(() => TextAsync(processes, directory, RangeOf(release))));
            process.Add(await TimeAsync(() => processes.ReadAsync(ToolCommand.Of("dotnet", typeof(ChangelogComparison).Assembly.Location, "changelog-write", directory, release), _ => { })));
            if (cliff is not null)
                other.Add(await TimeAsync(() => processes.ReadAsync(new ToolCommand(cliff, [.. cliffRange]) with { Timeout = CliffLimit }, _ => { }), CliffLimit));
        }

        return new Times(Median(log), Median(first), Median(warm), Median(process), other.Count > 0 ? Median(other) : double.NaN);
    }

    static readonly TimeSpan CliffLimit = TimeSpan.FromSeconds(60);

    static async Task<(string Before, string Release)> NewestAsync(ProcessRunner processes)
    {
        var tags = (await processes.RunAsync(ToolCommand.Of("git", "-c", "versionsort.suffix=-rc", "for-each-ref", "--merged=HEAD", "--sort=-version:refname", "--format=%(refname:strip=2)", "refs/tags/v*"))).StandardOutput
            .Split('\n').Where(x => !x.Contains('-', StringComparison.Ordinal)).ToArray();
        return (tags[1], tags[0]);
    }

    static Task<string> TextAsync(ProcessRunner processes, AbsolutePath directory, HistoryRange range) =>
        new ChangelogGenerator(processes).WriteAsync(new ChangelogRequest { Root = directory, Range = range }, DocumentKind.Changelog);

    static HistoryRange RangeOf(string release) => release == "--all" ? new HistoryRange.Everything() : new HistoryRange.Release(release);

    static ProcessRunner Processes(AbsolutePath directory) => new(new Redactor(), TimeProvider.System, directory);

    static async Task<double> TimeAsync(Func<Task> work, TimeSpan? limit = null)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await work();
        }
        catch (ProcessFailedException) when (Stopwatch.GetElapsedTime(started) >= limit)
        {
            return double.PositiveInfinity;
        }

        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    sealed record Times(double Log, double First, double Warm, double Process, double Cliff)
    {
        public string Ratio => string.Create(CultureInfo.InvariantCulture, $"{Process:F0} ({Process / Cliff:F2})");
    }
}
