using System.Collections.Immutable;
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

    const int MostFailures = 20;
    const int MostLines = 12;

    /// <summary>The tests that failed, in the order of the files.</summary>
    public ImmutableArray<FailedTest> Failures { get; init; } = [];

    /// <summary>Adds up the results in a directory. The files of a project begin with its name.</summary>
    /// <param name="directory">Where the results are.</param>
    /// <param name="projects">The projects that should have written one.</param>
    public static TestReport Read(AbsolutePath directory, IEnumerable<string> projects)
    {
        List<string> outcomes = [];
        List<string> missing = [];
        var failures = ImmutableArray.CreateBuilder<FailedTest>();
        foreach (var project in projects)
        {
            try
            {
                // The logger puts an underscore, the framework and the time behind the prefix.
                var files = directory.GlobFiles($"{project}_*.trx");
                if (files.Count == 0)
                    missing.Add(project);
                var results = files.SelectMany(x => XDocument.Load(x).Descendants(Trx + "UnitTestResult")).ToList();
                outcomes.AddRange(results.Select(x => (string?)x.Attribute("outcome") ?? ""));
                failures.AddRange(results.Where(x => (string?)x.Attribute("outcome") == "Failed").Select(Failure));
            }
            catch (XmlException)
            {
                missing.Add(project);
            }
        }

        return new TestReport(outcomes.Count(x => x == "Passed"), outcomes.Count(x => x == "Failed"), outcomes.Count(x => x is not ("Passed" or "Failed")), missing) { Failures = failures.ToImmutable() };
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

    /// <summary>The tests that failed with their messages, as lines; the first twenty of them.</summary>
    public string FailureText() => string.Join(Environment.NewLine, (IEnumerable<string>)
    [
        .. Failures.Take(MostFailures).Select(x => x.ToString()),
        .. Failures.Length > MostFailures ? (string[])[$"… and {Failures.Length - MostFailures} more"] : [],
    ]);

    static FailedTest Failure(XElement result)
    {
        var lines = (result.Descendants(Trx + "Message").FirstOrDefault()?.Value ?? "").ReplaceLineEndings("\n").Split('\n');
        var at = result.Descendants(Trx + "StackTrace").FirstOrDefault()?.Value.ReplaceLineEndings("\n").Split('\n').FirstOrDefault(x => x.Contains(":line ", StringComparison.Ordinal) || x.Contains('('));
        var message = string.Join('\n', lines.Length > MostLines ? [.. lines.Take(MostLines), "…"] : lines);
        return new FailedTest((string?)result.Attribute("testName") ?? "?", message.Trim(), at?.Trim());
    }

    /// <summary><c>12 passed, 0 failed, 1 skipped</c>.</summary>
    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}
