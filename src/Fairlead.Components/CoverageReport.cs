using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>
/// How much of the code the tests run, from Cobertura files. A line that several test projects look at counts once, and is covered when any of them runs it.
/// </summary>
/// <param name="Files">Cobertura files that were read.</param>
/// <param name="Lines">Lines that could be run.</param>
/// <param name="CoveredLines">Lines that were.</param>
/// <param name="Branches">Ways that could be taken.</param>
/// <param name="CoveredBranches">Ways that were; of a line that several projects look at, those of the project that took most.</param>
public sealed record CoverageReport(int Files, int Lines, int CoveredLines, int Branches, int CoveredBranches)
{
    /// <summary>The share of lines, from 0 to 100; 0 without any line.</summary>
    public double LinePercent => Lines == 0 ? 0 : 100.0 * CoveredLines / Lines;

    /// <summary>The share of branches, from 0 to 100; 100 where there is nothing to decide.</summary>
    public double BranchPercent => Branches == 0 ? 100 : 100.0 * CoveredBranches / Branches;

    /// <summary>Adds up files.</summary>
    /// <exception cref="XmlException">One is no Cobertura file.</exception>
    public static CoverageReport Read(IEnumerable<AbsolutePath> files)
    {
        var lines = new Dictionary<(string File, int Line), (bool IsCovered, int Branches, int Covered)>();
        var count = 0;
        foreach (var file in files)
        {
            count++;
            using var reader = XmlReader.Create((string)file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
            var document = XDocument.Load(reader);
            if (document.Root?.Name != "coverage")
                throw new XmlException($"'{file}' is no Cobertura file.");
            // Names are relative to one of the sources.
            var source = document.Root.Element("sources")?.Elements("source").FirstOrDefault()?.Value.Trim() ?? "";
            try
            {
                foreach (var type in document.Descendants("class"))
                {
                    var name = Path.Combine(source, (string?)type.Attribute("filename") ?? "");
                    foreach (var line in type.Elements("lines").Elements("line"))
                        Add(lines, name, line);
                }
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                throw new XmlException($"'{file}' is no Cobertura file: {e.Message}", e);
            }
        }

        return new CoverageReport(count, lines.Count, lines.Values.Count(x => x.IsCovered), lines.Values.Sum(x => x.Branches), lines.Values.Sum(x => x.Covered));
    }

    /// <summary>The verdict over the share of lines.</summary>
    /// <param name="threshold">What must be reached, from 0 to 100.</param>
    public Verdict ToVerdict(double threshold)
    {
        var figures = new Dictionary<string, double> { ["lineCoverage"] = Math.Round(LinePercent, 2), ["branchCoverage"] = Math.Round(BranchPercent, 2) };
        var shares = string.Create(CultureInfo.InvariantCulture, $"{LinePercent:0.0} % of {Lines} lines and {BranchPercent:0.0} % of {Branches} branches");
        var limit = string.Create(CultureInfo.InvariantCulture, $"{threshold:0.##} % of the lines are asked for");
        return Lines == 0 ? new Verdict(VerdictKinds.Coverage, VerdictOutcome.Failed, $"Nothing was measured: {(Files == 0 ? "the tests left no coverage file" : "the coverage files tell of no line")}. Each test project needs the package coverlet.collector.")
            : new Verdict(VerdictKinds.Coverage, LinePercent >= threshold ? VerdictOutcome.Passed : VerdictOutcome.Failed, $"The tests run {shares}; {limit}.") { Figures = figures };
    }

    static void Add(Dictionary<(string, int), (bool IsCovered, int Branches, int Covered)> lines, string file, XElement line)
    {
        if ((int?)line.Attribute("number") is not { } number)
            return;
        var (covered, branches) = ReadBranches((string?)line.Attribute("condition-coverage"));
        var there = lines.GetValueOrDefault((file, number));
        lines[(file, number)] = (there.IsCovered || ((long?)line.Attribute("hits") ?? 0) > 0, Math.Max(there.Branches, branches), Math.Max(there.Covered, covered));
    }

    // "50% (1/2)"
    static (int Covered, int All) ReadBranches(string? condition) =>
        condition?.Split('(', ')') is [_, var share, ..] && share.Split('/') is [var taken, var all]
        && int.TryParse(taken, CultureInfo.InvariantCulture, out var covered) && int.TryParse(all, CultureInfo.InvariantCulture, out var branches)
            ? (covered, branches)
            : (0, 0);
}
