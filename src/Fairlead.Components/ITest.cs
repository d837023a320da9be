using Fairlead.Engine;
using Fairlead.SupplyChain;
using Fairlead.Tooling;
using static Fairlead.Engine.DotNetTasks;

namespace Fairlead.Components;

/// <summary>Runs the tests.</summary>
public interface ITest : ICompile, IHazArtifacts, IHazVersion
{
    /// <summary>Where the results are written, one TRX file for each project.</summary>
    AbsolutePath TestResultDirectory => ArtifactsDirectory / "test-results";

    /// <summary>The projects to test: by default those whose names end in <c>.Tests</c>.</summary>
    IEnumerable<Project> TestProjects => Solution.GetAllProjects("*.Tests");

    /// <summary>How many projects are tested at once: by default as many as there are cores.</summary>
    int TestDegreeOfParallelism => Environment.ProcessorCount;

    /// <summary>Tests.</summary>
    Target Test => _ => _
        .Description("Runs the tests")
        .DependsOn(Compile)
        .Produces(TestResultDirectory / "*.trx")
        .Executes(() =>
        {
            TestResultDirectory.CreateOrCleanDirectory();
            VerdictFile.Delete(ReportDirectory, VerdictKinds.Tests);
            var projects = TestProjects.ToList();
            Exception? error = null;
            try
            {
                DotNetTest(
                    _ => _
                        .Apply(TestSettingsBase)
                        .Apply(TestSettings)
                        .CombineWith(projects, (_, project) => _
                            .SetProjectFile(project)
                            .AddLoggers($"trx;LogFilePrefix={project.Name}")
                            .Apply(TestProjectSettings, project)),
                    degreeOfParallelism: TestDegreeOfParallelism,
                    completeOnFailure: true);
            }
            catch (UserErrorException e)
            {
                error = e;
            }

            // Files may be missing or broken after a crash: the verdict counts what is there and says what is not.
            var report = TestReport.Read(TestResultDirectory, projects.Select(x => x.Name));
            var verdict = report.ToVerdict(error is not null);
            var hasPassed = verdict.Outcome == VerdictOutcome.Passed;
            // Some tests are not the tests: an environment says whether that will do.
            if (hasPassed && this is IHotfix { IsHotfix: true })
                verdict = verdict with { Outcome = VerdictOutcome.NotDone, Summary = $"Only the most important ones were run, on the short path of hotfixes: {verdict.Summary}" };
            ReportSummary("Tests", verdict.Summary);
            VerdictFile.Write(ReportDirectory, Version.InformationalVersion, verdict);
            if (!hasPassed)
            {
                throw new UserErrorException(
                    // What the tests said themselves says more than the last lines of the command, which are those of another test.
                    $"The tests did not pass: {verdict.Summary}{Environment.NewLine}{(report.Failures.IsEmpty ? error?.Message : report.FailureText())}".TrimEnd(),
                    projects.Count > 0 ? null : "Name the test projects '….Tests', or override ITest.TestProjects.",
                    error);
            }
        });

    /// <summary>What the component itself sets.</summary>
    sealed Configure<DotNetTestSettings> TestSettingsBase => _ => _
        .SetConfiguration(Configuration)
        .SetNoBuild(SucceededTargets.Contains(Compile))
        .When(this is IHotfix { IsHotfix: true }, _ => _.SetFilter(((IHotfix)this).HotfixTestFilter))
        .When(this is IReportCoverage, _ => _.SetDataCollector("XPlat Code Coverage"))
        .SetResultsDirectory(TestResultDirectory);

    /// <summary>What the build sets on top.</summary>
    Configure<DotNetTestSettings> TestSettings => _ => _;

    /// <summary>What the build sets on top for one project.</summary>
    Configure<DotNetTestSettings, Project> TestProjectSettings => (settings, _) => settings;
}
