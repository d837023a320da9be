using System.Text.Json.Serialization;

namespace Fairlead.SupplyChain;

/// <summary>The result of one kind of check, as the release manifest keeps it.</summary>
/// <param name="Kind">What was checked; one of <see cref="VerdictKinds"/> or a word of the user's own.</param>
/// <param name="Outcome">Passed, failed or not done.</param>
/// <param name="Summary">One sentence with the figures that made the verdict, or the reason why it was not done.</param>
public sealed record Verdict(string Kind, VerdictOutcome Outcome, string Summary)
{
    /// <summary>The verdicts that this one is made of, where a check has several parts; otherwise null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Verdict>? Parts { get; init; }

    /// <summary>The figures that made the verdict, by name (<c>critical</c>, <c>lineCoverage</c>), for programs and for gates that are asked later; otherwise null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? Figures { get; init; }

    /// <summary>The last day (UTC) on which the verdict counts, because an exception that made it pass ends then; otherwise null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? ValidUntil { get; init; }

    /// <summary>
    /// One verdict of several: failed when any part failed, not done when any was not done, passed when all passed. Figures are added up, and the earliest end counts.
    /// Without parts nothing was done.
    /// </summary>
    /// <param name="kind">Kind of the whole.</param>
    /// <param name="parts">The parts, in the order in which they are told.</param>
    public static Verdict Of(string kind, IReadOnlyList<Verdict> parts)
    {
        if (parts.Count == 0)
            return new Verdict(kind, VerdictOutcome.NotDone, "It was not run.");
        var outcome = parts.Any(x => x.Outcome == VerdictOutcome.Failed) ? VerdictOutcome.Failed
            : parts.Any(x => x.Outcome == VerdictOutcome.NotDone) ? VerdictOutcome.NotDone
            : VerdictOutcome.Passed;
        var figures = parts.Where(x => x.Figures is not null).SelectMany(x => x.Figures!)
            .GroupBy(x => x.Key, StringComparer.Ordinal).OrderBy(x => x.Key, StringComparer.Ordinal)
            .ToDictionary(x => x.Key, x => x.Sum(y => y.Value), StringComparer.Ordinal);
        return new Verdict(kind, outcome, string.Join(' ', parts.Where(x => x.Outcome == outcome).Select(x => x.Summary).Distinct(StringComparer.Ordinal)))
        {
            Parts = parts,
            Figures = figures.Count > 0 ? figures : null,
            ValidUntil = parts.Min(x => x.ValidUntil),
        };
    }
}
