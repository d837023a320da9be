using System.Globalization;

namespace Fairlead.SupplyChain;

/// <summary>Says of each finding whether it counts, and makes the verdict of what is left. Pure.</summary>
/// <param name="Policy">What may pass.</param>
/// <param name="Vex">What is not exploitable here.</param>
/// <param name="Today">The day, in UTC.</param>
sealed record FindingJudge(SecurityPolicy Policy, VexStatements Vex, DateOnly Today)
{
    const int FindingsNamed = 5;

    /// <summary>Judges.</summary>
    /// <param name="kind">Kind of the verdict.</param>
    /// <param name="seen">What was looked at, with its figures.</param>
    /// <param name="findings">What was found.</param>
    /// <param name="failures">Why the scan cannot be trusted; empty when it can.</param>
    public PartResult Judge(string kind, string seen, IEnumerable<Finding> findings, IEnumerable<string> failures)
    {
        List<Exemption> used = [];
        List<string> reasons = [.. failures];
        List<Finding> judged = [];
        DateOnly? validUntil = null;
        var expired = new HashSet<Exemption>();
        foreach (var finding in findings)
        {
            var state = StateOf(finding, out var exemption);
            judged.Add(state);
            if (exemption is null)
                continue;
            used.Add(exemption);
            if (state.State == FindingState.Excepted)
                validUntil = validUntil is { } earlier && earlier < exemption.Expires ? earlier : exemption.Expires;
            else
                expired.Add(exemption);
        }

        var open = judged.Where(x => x.State == FindingState.Open).ToList();
        var causes = open.GroupBy(x => x.Cause).OrderByDescending(x => x.Max(y => y.Severity)).ThenBy(x => x.Key.Id, StringComparer.Ordinal).ToList();
        var grave = causes.Where(x => x.Max(y => y.Severity) >= Policy.FailOn).ToList();
        if (grave.Count > 0)
        {
            var more = grave.Count > FindingsNamed ? $"; and {grave.Count - FindingsNamed} more" : "";
            reasons.Insert(0, $"{grave.Count} {OrWorse(Policy.FailOn)} in {seen}: {string.Join("; ", grave.Take(FindingsNamed).Select(Describe))}{more}.");
        }

        reasons.AddRange(expired.Select(x =>
            $"The exception for {x.Id} ({x.Where}) ended on {Day(x.Expires)}, and what it is for is still there. Its reason was \"{x.Reason}\": ask {x.Owner} to mend it, or to set a new end."));
        var figures = SeverityFigures.Of(causes.Select(x => x.Max(y => y.Severity)));
        var summary = reasons.Count > 0
            ? string.Join(' ', reasons)
            : $"{Capitalised(seen)}: nothing {OrWorse(Policy.FailOn)}{Lesser(figures)}{Suppressed(judged)}.";
        return new PartResult(
            new Verdict(kind, reasons.Count > 0 ? VerdictOutcome.Failed : VerdictOutcome.Passed, Printable.Line(summary)) { Figures = figures, ValidUntil = reasons.Count > 0 ? null : validUntil },
            [
                .. judged.OrderBy(x => x.State).ThenByDescending(x => x.Severity).ThenBy(x => x.Id, StringComparer.Ordinal).ThenBy(x => x.File, StringComparer.Ordinal).ThenBy(x => x.Line).Select(x => x.Printable()),
            ])
        { Used = [.. used.Distinct()] };
    }

    Finding StateOf(Finding finding, out Exemption? exemption)
    {
        exemption = null;
        if (Vex.Find(finding) is { } because)
            return finding with { State = FindingState.NotAffected, Because = because };
        // Of several, the one that lasts longest: an old entry beside its renewal does no harm.
        exemption = Policy.Exceptions.Where(x => x.Covers(finding)).MaxBy(x => x.Expires);
        if (exemption is not null && exemption.Expires >= Today)
            return finding with { State = FindingState.Excepted, Because = $"{exemption.Reason} ({exemption.Owner}, until {Day(exemption.Expires)})" };
        if (Policy.IgnoreUnfixed && finding is { Package: not null, FixedIn: null })
        {
            exemption = null;
            return finding with { State = FindingState.Unfixed, Because = "no version mends it yet (ignore_unfixed)" };
        }

        return finding;
    }

    static string Describe(IGrouping<(string Id, string Subject), Finding> cause)
    {
        var first = cause.First();
        var others = cause.Count() > 1 ? $" and {cause.Count() - 1} more" : "";
        var what = first.Package is null ? first.Title : $"{first.Package} {first.Installed}{Mended(first)}: {first.Title}";
        return $"{first.Id} in {first.Where}{others} ({what})";
    }

    static string Mended(Finding finding) => finding.FixedIn is { } version ? $", mended in {version}" : ", not mended yet";

    static string Lesser(IReadOnlyDictionary<string, double> figures) =>
        string.Join(", ", figures.Where(x => x.Value > 0).Reverse().Select(x => string.Create(CultureInfo.InvariantCulture, $"{x.Value} {x.Key}"))) is { Length: > 0 } text ? $"; {text}" : "";

    static string Suppressed(List<Finding> findings) => string.Concat(
        findings.Where(x => x.State != FindingState.Open).CountBy(x => x.State).OrderBy(x => x.Key)
            .Select(x => $"; {x.Value} {(x.Key == FindingState.Excepted ? "accepted" : x.Key == FindingState.NotAffected ? "not affected (VEX)" : "without a version that mends them")}"));

    static string OrWorse(Severity severity) => severity == Severity.Critical ? "critical" : severity == Severity.High ? "high or critical" : $"{SeverityFigures.Name(severity)} or worse";

    static string Capitalised(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
