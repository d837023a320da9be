using System.Xml;
using Fairlead.Engine;
using Fairlead.SupplyChain;

namespace Fairlead.Components;

/// <summary>Has the tests measured by coverlet, whose package <c>coverlet.collector</c> the test projects need.</summary>
public interface IReportCoverage : ITest, IHazVerdicts
{
    /// <summary>The share of lines that the tests must run, from 0 to 100. Default: 80.</summary>
    double CoverageThreshold => 80;

    /// <summary>Adds up what the test projects have measured, and compares it with the threshold.</summary>
    Target ReportCoverage => _ => _
        .Description("Compares the coverage of the tests with the threshold")
        .DependsOn(Test)
        .Executes(() =>
        {
            Forget(VerdictKinds.Coverage);
            var files = TestResultDirectory.GlobFiles("**/coverage.cobertura.xml");
            try
            {
                var projects = TestProjects.Count();
                Report(
                    files.Count is > 0 && files.Count < projects
                        ? new Verdict(VerdictKinds.Coverage, VerdictOutcome.Failed, $"{files.Count} of {projects} test projects were measured. Each of them needs the package coverlet.collector.")
                        : CoverageReport.Read(files).ToVerdict(CoverageThreshold),
                    "Coverage");
            }
            catch (XmlException exception)
            {
                Report(new Verdict(VerdictKinds.Coverage, VerdictOutcome.Failed, $"A coverage file cannot be read: {exception.Message}"), "Coverage");
            }
        });
}
