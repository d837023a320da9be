using Fairlead.Tooling;

namespace Fairlead.Versioning.Tests;

/// <summary>The recorded data that lies beside the repository. Tests that need it say so and are skipped where it is not there.</summary>
static class VersioningFixtures
{
    public static AbsolutePath Path(string relative)
    {
        var folder = Environment.GetEnvironmentVariable("FAIRLEAD_CONFORMANCE_DATA") is { Length: > 0 } named
            ? AbsolutePath.Create(named)
            : RepositoryRoot.Parent / "shared" / "fixtures" / "versioning";
        Assert.SkipUnless(folder.DirectoryExists(), "The recorded data is not on this machine: name its folder by FAIRLEAD_CONFORMANCE_DATA.");
        var path = folder / relative;
        path.Exists().ShouldBeTrue($"{relative} is missing in the folder of recorded data");
        return path;
    }

    public static AbsolutePath RepositoryRoot { get; } =
        AbsolutePath.Create(AppContext.BaseDirectory).FindParent(x => (x / "Pipeline.sln").FileExists()).ShouldNotBeNull();
}
