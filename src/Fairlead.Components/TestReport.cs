using System.Xml;
using System.Xml.Linq;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>The figures of a test run, from the TRX files that it wrote.</summary>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failed">Tests that failed.</param>
/// <param name="Skipped">Tests that were not run.</param>
/// <param name="Missing">Projects that wrote no result, or one that is not whole: their run crashed.</param>
public sealed record TestReport(int Passed, int Failed, int Skipped, IReadOnlyList<string> Missing)
{
    static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>Adds up the results in a directory. The files of a project begin with its name.</summary>
    /// <param name="directory">Where the results are.</param>
    /// <param name="projects">The projects that should have written one.</param>
    public static TestReport Read(AbsolutePath directory, IEnumerable<string> projects)
    {
        List<string> outcomes = [];
        List<string> missing = [];
        foreach (var project in projects)
        {
            try
            {
                // The logger puts an underscore, the framework and the time behind the prefix.
                var files = directory.GlobFiles($"{project}_*.trx");
                if (files.Count == 0)
                    missing.Add(project);
                outcomes.AddRange(files.SelectMany(x => XDocument.Load(x).Descendants(Trx + "UnitTestResult")).Select(x => (string?)x.Attribute("outcome") ?? ""));
            }
            catch (XmlException)
            {
                missing.Add(project);
            }
        }

        return new TestReport(outcomes.Count(x => x == "Passed"), outcomes.Count(x => x == "Failed"), outcomes.Count(x => x is not ("Passed" or "Failed")), missing);
    }

    /// <summary>The verdict. A run that crashed, or in which nothing passed, has failed.</summary>
    /// <param name="commandFailed">Whether a test command ended with an error, whatever its results say.</param>
    public Verdict ToVerdict(bool commandFailed) => new(
        VerdictKinds.Tests,
        Failed == 0 && Passed > 0 && Missing.Count == 0 && !commandFailed ? VerdictOutcome.Passed : VerdictOutcome.Failed,
        this switch
        {
            { Missing.Count: > 0 } => $"{this}; without whole results: {string.Join(", ", Missing)}",
            { Passed: 0, Failed: 0 } => "No test was run.",
            _ when commandFailed && Failed == 0 => $"{this}; a test command ended with an error",
            _ => ToString(),
        });

    /// <summary><c>12 passed, 0 failed, 1 skipped</c>.</summary>
    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}
