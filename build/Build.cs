using System.Collections.Immutable;
using Fairlead.Components;
using Fairlead.Engine;
using Fairlead.Tooling;
using static Fairlead.Engine.DotNetTasks;

// The pipeline of this repository, and the first example: components bring the targets, the class says what is special here.
//   ./build.sh --list            all targets
//   ./build.sh DeployStaging     compiles, tests, scans, packages and deploys
sealed class Build : FairleadBuild, ITest, ILint, IScan, ITag, IPackage, IReleaseChecklist, ISign, IDeployStaging, IDeployProduction, IAnnounce
{
    public static int Main() => Execute<Build>(x => x.Compile);

    // What is released and deployed.
    IEnumerable<Project> IPackage.Applications => [this.Solution.GetProject("Storefront")!];

    // Compiling enforces style and analyzers.
    FormatScope ILint.FormatScope => FormatScope.Whitespace;

    // A staging may be tried without them; production asks for tests.
    ImmutableArray<string> IReleaseChecklist.RequiredForRelease => [];

    string IPackage.LicenceExpression => "MIT";

    Target DeployTesting => _ => _.Deploys("testing");

    Target Clean => _ => _
        .Description("Deletes everything that was built")
        .Before<IRestore>()
        .Executes(() =>
        {
            RootDirectory.GlobDirectories("src/*/bin", "src/*/obj", "tests/*/bin", "tests/*/obj").ToList().ForEach(x => x.DeleteDirectory());
            (RootDirectory / "artifacts").DeleteDirectory();
        });

    Target IntegrationTest => _ => _
        .Description("Runs the tests that need real parts: processes, ports, a git repository")
        .DependsOn<ICompile>()
        // The tests that are too long for every run: each pair of kills, the tables of the statistics, all of GitVersion's recorded answers.
        .Executes(() => RunExplicitTests("Fairlead.Deployment.Tests"))
        .Executes(() => RunExplicitTests("Fairlead.Versioning.Tests"))
        .Executes(() => DotNetTest(_ => _
            .SetProjectFile(RootDirectory / "tests" / "Fairlead.IntegrationTests" / "Fairlead.IntegrationTests.csproj")
            .SetConfiguration(this.Configuration)
            .EnableNoBuild()
            .SetResultsDirectory(RootDirectory / "artifacts" / "integration-test-results")
            .SetLoggers("trx;LogFileName=integration.trx", "console;verbosity=normal")));

    void RunExplicitTests(string project) => DotNetRun(_ => _
        .SetProjectFile(RootDirectory / "tests" / project / $"{project}.csproj")
        .SetConfiguration(this.Configuration)
        .EnableNoBuild()
        .SetApplicationArguments("-explicit", "only", "-trx", RootDirectory / "artifacts" / "integration-test-results" / $"explicit.{project}.trx"));

    Target Benchmark => _ => _
        .Description("Measures the budgets of the design, side by side with what one would do otherwise")
        .Executes(() => DotNetRun(_ => _
            .SetProjectFile(RootDirectory / "tests" / "Fairlead.Benchmarks" / "Fairlead.Benchmarks.csproj")
            .SetConfiguration("Release")));
}
