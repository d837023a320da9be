namespace Fairlead.SupplyChain;

/// <summary>Findings as lines for the terminal.</summary>
public static class FindingTable
{
    const int WidestColumn = 48;

    /// <summary>
    /// The table: those that count first, the gravest first, then those that do not, with the reason. A finding that shows in several files is one line. Empty without findings.
    /// </summary>
    /// <param name="findings">The findings.</param>
    public static IReadOnlyList<string> Lines(IReadOnlyCollection<Finding> findings)
    {
        List<string> lines = [];
        var causes = findings.GroupBy(x => (x.State, x.Cause)).Select(x => (First: x.First(), Count: x.Count())).ToList();
        var open = causes.Where(x => x.First.State == FindingState.Open).OrderByDescending(x => x.First.Severity).ToList();
        if (open.Count > 0)
            lines.AddRange(Table(open));
        foreach (var (finding, count) in causes.Where(x => x.First.State != FindingState.Open).OrderByDescending(x => x.First.Severity))
        {
            if (lines.Count == open.Count + (open.Count > 0 ? 1 : 0))
                lines.Add("Not counted:");
            lines.Add(Printable.Line($"  {SeverityFigures.Name(finding.Severity)}  {finding.Id}  {Subject(finding)}  {Where(finding, count)}: {finding.Because}"));
        }

        return lines;
    }

    static IEnumerable<string> Table(List<(Finding First, int Count)> findings)
    {
        var rows = findings
            .Select(x => new[] { SeverityFigures.Name(x.First.Severity), x.First.Id, x.First.Package ?? "", x.First.Installed ?? "", x.First.FixedIn ?? (x.First.Package is null ? "" : "-"), Where(x.First, x.Count), x.First.Title })
            .Prepend(["SEVERITY", "ID", "PACKAGE", "INSTALLED", "FIXED IN", "WHERE", "WHAT"])
            .Select(x => x.Select((y, i) => i < x.Length - 1 ? Cut(y, WidestColumn) : Cut(y, 100)).ToArray())
            .ToList();
        var widths = Enumerable.Range(0, rows[0].Length).Select(x => rows.Skip(1).Max(y => y[x].Length) is > 0 and var width ? Math.Max(width, rows[0][x].Length) : 0).ToList();
        return rows.Select(x => string.Join("  ", x.Select((y, i) => (Text: y.PadRight(widths[i]), Width: widths[i])).Where(y => y.Width > 0).Select(y => y.Text)).TrimEnd());
    }

    static string Subject(Finding finding) => finding.Package is null ? finding.Title : $"{finding.Package} {finding.Installed}";

    static string Where(Finding finding, int count) => count > 1 ? $"{finding.Where} +{count - 1}" : finding.Where;

    /// <summary>The beginning and the end of a path say more than its middle; of one line.</summary>
    static string Cut(string text, int width)
    {
        text = Printable.Line(text);
        return text.Length <= width ? text : string.Concat(text.AsSpan(0, width / 2), "…", text.AsSpan(text.Length - ((width / 2) - 1)));
    }
}
