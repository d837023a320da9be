using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Text.Json;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Benchmarks;

/// <summary>
/// A bill of materials of one restored tree, beside cdxgen (<c>CDXGEN</c>, or on the PATH) and Trivy (<c>TRIVY</c>, or on the PATH), whichever are there: in one run, in turn,
/// medians. Then, package by package, what each finds and the other does not.
/// </summary>
static class SbomComparison
{
    const int Rounds = 5;
    const int NamesShown = 12;

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Compares on all projects below a directory, which have to be restored.</summary>
    public static async Task RunAsync(AbsolutePath directory)
    {
        var scratch = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-sbom-").FullName);
        try
        {
            await CompareAsync(directory, scratch);
        }
        finally
        {
            scratch.DeleteDirectory();
        }
    }

    /// <summary>What the comparison starts as a process of its own: both documents, CycloneDX at <paramref name="output"/> and SPDX beside it.</summary>
    public static void Write(AbsolutePath directory, AbsolutePath output)
    {
        var result = Generate(directory);
        if (result.Json is null || result.Spdx is null)
            throw new UserErrorException(result.Verdict.Summary);
        output.WriteAllText(result.Json);
        output.WithExtension(".spdx.json").WriteAllText(result.Spdx);
    }

    static async Task CompareAsync(AbsolutePath directory, AbsolutePath scratch)
    {
        var processes = new ProcessRunner(new Redactor(), TimeProvider.System, directory);
        var path = Environment.GetEnvironmentVariable("PATH");
        var cdxgen = Environment.GetEnvironmentVariable("CDXGEN") ?? ToolPath.Find("cdxgen", directory, path)?.ToString();
        var trivy = Environment.GetEnvironmentVariable("TRIVY") ?? ToolPath.Find("trivy", directory, path)?.ToString();

        // The very first call of this process: with whatever the runtime has to compile.
        var started = Stopwatch.GetTimestamp();
        var compiled = JitInfo.GetCompilationTime();
        var ours = Generate(directory);
        var first = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        compiled = JitInfo.GetCompilationTime() - compiled;
        Console.WriteLine(ours.Verdict.Summary);
        Console.WriteLine();
        if (ours.Json is null)
            return;

        var rivals = new List<(string Name, Func<AbsolutePath, ToolCommand> Command)>();
        if (cdxgen is not null)
            rivals.Add(("cdxgen", output => new ToolCommand(cdxgen, ["-t", "csharp", "--no-install-deps", "--spec-version", "1.6", "-o", output, directory])));
        else
            Console.WriteLine("cdxgen is not installed: nothing to compare with.");
        if (trivy is not null)
            rivals.Add(("trivy", output => new ToolCommand(trivy, ["--cache-dir", scratch / "cache", "fs", "--format", "cyclonedx", "--offline-scan", "--skip-db-update", "--output", output, directory])));
        else
            Console.WriteLine("Trivy is not installed: nothing to compare with.");

        List<double> warm = [], process = [];
        var times = rivals.ToDictionary(x => x.Name, _ => new List<double>(), StringComparer.Ordinal);
        for (var round = 0; round < Rounds; round++)
        {
            // In turn, so that whatever else the machine does meets all alike.
            warm.Add(await TimeAsync(() => Task.FromResult(Generate(directory))));
            process.Add(await TimeAsync(() => processes.RunAsync(ToolCommand.Of("dotnet", typeof(SbomComparison).Assembly.Location, "sbom-write", directory, scratch / "ours.json"))));
            foreach (var (name, command) in rivals)
                times[name].Add(await TimeAsync(() => processes.RunAsync(command(scratch / $"{name}.json") with { Timeout = Limit })));
        }

        Console.WriteLine($"{"",-28}{"ms",8}   ratio to our process");
        Print("ours, first call", first, process);
        Print("  compiling in that", compiled.TotalMilliseconds, process);
        Print("ours, again", Median(warm), process);
        Print("ours, a fresh process", Median(process), process);
        foreach (var (name, _) in rivals)
        {
            Print(name, Median(times[name]), process);
            Differences(name, Purls(ours.Json), Purls((scratch / $"{name}.json").ReadAllText()), ours.Sbom!);
        }
    }

    static void Print(string name, double time, List<double> process) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28}{time,8:F0}   {time / Median(process):F2}"));

    static void Differences(string name, HashSet<string> ours, HashSet<string> theirs, Sbom sbom)
    {
        // cdxgen calls a project a NuGet package, with and without a version, whether it is ever packed or not; ours calls it what it is.
        var projects = sbom.Components.Where(x => x.IsPart).Select(x => x.Name.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        var asPackages = theirs.Where(x => projects.Contains(x.Split('/')[^1].Split('@')[0])).ToHashSet(StringComparer.Ordinal);
        if (asPackages.Count > 0)
            Console.WriteLine($"  {name} lists {asPackages.Count} projects as packages, which ours lists as projects");
        // Ours is made of what NuGet resolved; packages of other languages are merged from what a scanner sees (SbomMerger).
        var others = theirs.Where(x => !x.StartsWith("pkg:nuget/", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        if (others.Count > 0)
            Console.WriteLine($"  {name} lists {others.Count} packages of other languages, which ours has after merging only");
        Tell($"  {name} finds and ours does not", theirs.Except(ours).Except(asPackages).Except(others));
        Tell($"  ours finds and {name} does not", ours.Except(theirs));

        static void Tell(string what, IEnumerable<string> names)
        {
            var all = names.Order(StringComparer.Ordinal).ToList();
            Console.WriteLine($"{what}: {(all.Count == 0 ? "nothing" : $"{all.Count}: {string.Join(' ', all.Take(NamesShown))}{(all.Count > NamesShown ? " …" : "")}")}");
        }
    }

    // Names of NuGet are the same in any case.
    static HashSet<string> Purls(string json)
    {
        using var document = JsonDocument.Parse(json);
        var purls = new HashSet<string>(StringComparer.Ordinal);
        Collect(document.RootElement);
        if (document.RootElement.GetProperty("metadata").TryGetProperty("component", out var subject))
            Collect(subject);
        return purls;

        void Collect(JsonElement owner)
        {
            if (!owner.TryGetProperty("components", out var components))
                return;
            foreach (var component in components.EnumerateArray())
            {
                if (component.TryGetProperty("purl", out var purl))
                    purls.Add(Uri.UnescapeDataString(purl.GetString()!).ToLowerInvariant());
                Collect(component);
            }
        }
    }

    static SbomResult Generate(AbsolutePath directory) => SbomGenerator.Generate(new SbomRequest
    {
        Name = directory.Name,
        Version = "1.0.0",
        Commit = new string('0', 40),
        CommitTime = DateTimeOffset.UnixEpoch,
        Projects = [.. Directory.EnumerateFiles(directory, "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(AbsolutePath.Create)],
        Supplier = new SbomParty("The authors"),
        Licence = "MIT",
        Copyright = "Copyright (c) The authors",
    });

    static async Task<double> TimeAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
