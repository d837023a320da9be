namespace Fairlead.SupplyChain;

/// <summary>The figures of a scan's verdict: how many findings of each severity are open.</summary>
static class SeverityFigures
{
    /// <summary>The name of a figure.</summary>
    public static string Name(Severity severity) => severity switch
    {
        Severity.Critical => "critical",
        Severity.High => "high",
        Severity.Medium => "medium",
        Severity.Low => "low",
        _ => "unknown",
    };

    /// <summary>All five figures.</summary>
    public static IReadOnlyDictionary<string, double> Of(IEnumerable<Severity> findings)
    {
        var counts = findings.CountBy(x => x).ToDictionary();
        return Enum.GetValues<Severity>().ToDictionary(Name, x => (double)counts.GetValueOrDefault(x), StringComparer.Ordinal);
    }
}
