using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>Programs from npm: <c>npm ci --ignore-scripts</c> in <c>.ci/tools</c>, or a directory that <c>FAIRLEAD_NPM_TOOLS</c> names.</summary>
static class NpmTools
{
    /// <summary>The directory that has <c>node_modules</c> with the package; the test is skipped without it.</summary>
    public static AbsolutePath With(string package)
    {
        var directory = Environment.GetEnvironmentVariable("FAIRLEAD_NPM_TOOLS") is { Length: > 0 } named ? AbsolutePath.Resolve(AbsolutePath.CurrentDirectory, named) : Repository.Product / ".ci/tools";
        if (!(directory / "node_modules" / package).DirectoryExists())
            Assert.Skip($"{package} is not installed: run 'npm ci --ignore-scripts' in .ci/tools.");
        if (ToolPath.Find("node", Repository.Product, Environment.GetEnvironmentVariable("PATH")) is null)
            Assert.Skip("Node.js is not on the PATH.");
        return directory;
    }

    /// <summary>The directory of a package; the test is skipped without it.</summary>
    public static AbsolutePath Package(string name) => With(name) / "node_modules" / name;
}
