using System.Xml.Linq;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>The figures of a test run, from the TRX files that it wrote.</summary>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failed">Tests that failed.</param>
/// <param name="Skipped">Tests that were not run.</param>
public sealed record TestReport(int Passed, int Failed, int Skipped)
{
    static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>Adds up the results in a directory.</summary>
    public static TestReport Read(AbsolutePath directory)
    {
        var outcomes = directory.GlobFiles("*.trx")
            .SelectMany(x => XDocument.Load(x).Descendants(Trx + "UnitTestResult"))
            .Select(x => (string?)x.Attribute("outcome"))
            .ToList();
        return new TestReport(outcomes.Count(x => x == "Passed"), outcomes.Count(x => x == "Failed"), outcomes.Count(x => x is not ("Passed" or "Failed")));
    }

    /// <summary>The verdict. A run of no tests has failed.</summary>
    public Verdict ToVerdict() => new(
        VerdictKinds.Tests,
        Failed == 0 && Passed > 0 ? VerdictOutcome.Passed : VerdictOutcome.Failed,
        Passed + Failed == 0 ? "No test was run." : ToString());

    /// <summary><c>12 passed, 0 failed, 1 skipped</c>.</summary>
    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}
