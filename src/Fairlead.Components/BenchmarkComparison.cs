using System.Globalization;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Judges measurements against a baseline.</summary>
public static class BenchmarkComparison
{
    // One-sided, for all benchmarks together (Bonferroni): a run without any regression is called failed once in a hundred times at most.
    const double Alpha = 0.01;

    /// <summary>
    /// A benchmark has become slower when the lower confidence bound of how many times the baseline it takes (Hodges and Lehmann's estimate, with the bounds of Mann and Whitney's rank test) is above the tolerance. One that has too few
    /// values for such a bound, or that the baseline does not know, is not judged, which is said; a benchmark of the baseline that was not measured makes the verdict fail.
    /// </summary>
    /// <param name="baseline">What it was.</param>
    /// <param name="measured">What it is.</param>
    /// <param name="tolerance">How much slower is accepted, in percent.</param>
    public static Verdict Of(BenchmarkResults baseline, BenchmarkResults measured, double tolerance)
    {
        if (baseline.Machine != measured.Machine)
            return new Verdict(VerdictKinds.Benchmarks, VerdictOutcome.NotDone, $"The baseline is of another machine ({baseline.Machine}), and says nothing about this one ({measured.Machine}). './build.sh AcceptBenchmarks' writes a baseline here.");
        var lost = baseline.Results.Keys.Where(x => !measured.Results.ContainsKey(x)).ToList();
        if (lost.Count > 0)
            return new Verdict(VerdictKinds.Benchmarks, VerdictOutcome.Failed, $"{lost.Count} benchmarks of the baseline were not measured: {string.Join(", ", lost.Take(3))}{(lost.Count > 3 ? " …" : "")}. When they are gone on purpose, './build.sh AcceptBenchmarks' writes the baseline anew.");

        var crashed = measured.Results.Where(x => x.Value.IsEmpty && baseline.Results.TryGetValue(x.Key, out var before) && !before.IsEmpty).Select(x => x.Key).ToList();
        if (crashed.Count > 0)
            return new Verdict(VerdictKinds.Benchmarks, VerdictOutcome.Failed, $"{crashed.Count} benchmarks of the baseline have measured nothing: {string.Join(", ", crashed.Take(3))}{(crashed.Count > 3 ? " …" : "")}. What became of them stands above.");

        var compared = measured.Results.Where(x => baseline.Results.ContainsKey(x.Key)).ToList();
        List<string> slower = [];
        var unjudged = measured.Results.Count - compared.Count;
        foreach (var (name, values) in compared)
        {
            var before = baseline.Results[name];
            if (values.IsEmpty || before.IsEmpty || values.Any(x => x <= 0) || before.Any(x => x <= 0))
            {
                unjudged++;
                continue;
            }

            var ratio = MannWhitney.Ratio(values.AsSpan(), before.AsSpan(), Alpha / compared.Count);
            if (double.IsInfinity(ratio.AtLeast))
                unjudged++;
            else if (ratio.AtLeast > 1 + tolerance / 100)
                slower.Add(string.Create(CultureInfo.InvariantCulture, $"{name} takes {ratio.Estimate:0.00} times as long (surely {ratio.AtLeast:0.00})"));
        }

        var rest = unjudged == 0 ? "" : $" {unjudged} could not be judged: they are new, or have too few values.";
        var judged = measured.Results.Count - unjudged;
        return slower.Count > 0 ? new Verdict(VerdictKinds.Benchmarks, VerdictOutcome.Failed, $"{slower.Count} of {judged} benchmarks have become slower than the baseline: {string.Join("; ", slower)}.{rest}")
            : judged == 0 ? new Verdict(VerdictKinds.Benchmarks, VerdictOutcome.Failed, $"No benchmark could be judged.{rest}")
            : new Verdict(VerdictKinds.Benchmarks, VerdictOutcome.Passed, string.Create(CultureInfo.InvariantCulture, $"None of {judged} benchmarks has become more than {tolerance:0.##} % slower than the baseline.{rest}"));
    }
}
