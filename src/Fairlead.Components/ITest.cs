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
            try
            {
                DotNetTest(
                    _ => _
                        .Apply(TestSettingsBase)
                        .Apply(TestSettings)
                        .CombineWith(TestProjects, (_, project) => _
                            .SetProjectFile(project)
                            .AddLoggers($"trx;LogFileName={project.Name}.trx")
                            .Apply(TestProjectSettings, project)),
                    degreeOfParallelism: TestDegreeOfParallelism,
                    completeOnFailure: true);
            }
            finally
            {
                var report = TestReport.Read(TestResultDirectory);
                ReportSummary("Tests", report.ToString());
                VerdictFile.Write(ReportDirectory, Version.InformationalVersion, report.ToVerdict());
            }

            if (VerdictFile.Read(ReportDirectory, Version.InformationalVersion, VerdictKinds.Tests) is { Outcome: VerdictOutcome.Failed } verdict)
                throw new UserErrorException($"The tests did not pass: {verdict.Summary}", TestProjects.Any() ? null : "Name the test projects '….Tests', or override ITest.TestProjects.");
        });

    /// <summary>What the component itself sets.</summary>
    sealed Configure<DotNetTestSettings> TestSettingsBase => _ => _
        .SetConfiguration(Configuration)
        .SetNoBuild(SucceededTargets.Contains(Compile))
        .SetResultsDirectory(TestResultDirectory);

    /// <summary>What the build sets on top.</summary>
    Configure<DotNetTestSettings> TestSettings => _ => _;

    /// <summary>What the build sets on top for one project.</summary>
    Configure<DotNetTestSettings, Project> TestProjectSettings => (settings, _) => settings;
}
