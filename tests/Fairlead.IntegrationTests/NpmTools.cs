using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>Official parts of others, from npm: <c>npm ci --ignore-scripts</c> in <c>.ci/tools</c> brings them.</summary>
static class NpmTools
{
    public static AbsolutePath Directory { get; } = AbsolutePath.Create(AppContext.BaseDirectory).FindParent(x => (x / "Pipeline.sln").FileExists())! / ".ci" / "tools";

    /// <summary>The directory of a package; the test is skipped, saying so, when it is not installed.</summary>
    public static AbsolutePath Package(string name)
    {
        var package = Directory / "node_modules" / name;
        if (!package.DirectoryExists())
            Assert.Skip($"The npm package {name} is not installed: npm ci --ignore-scripts --prefix .ci/tools");
        return package;
    }

    /// <summary>Runs one of the scripts in <c>.ci/tools</c>; any exit code is an answer.</summary>
    public static async Task<ProcessResult> NodeAsync(string script, params string[] arguments) =>
        await new ProcessRunner(new Redactor(), TimeProvider.System, Directory).RunAsync(
            new ToolCommand("node", [Directory / script, .. arguments]) { WorkingDirectory = Directory, Timeout = TimeSpan.FromMinutes(2) }.WithAnyExitCode(), cancellationToken: TestContext.Current.CancellationToken);
}
