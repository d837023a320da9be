using Fairlead.Tooling;

namespace Fairlead.SupplyChain.Tests;

/// <summary>Documents of other tools, where <c>FAIRLEAD_SUPPLY_CHAIN_DATA</c> says, or beside the repository.</summary>
static class SupplyChainData
{
    /// <summary>The root of this repository.</summary>
    public static AbsolutePath Repository { get; } = AbsolutePath.Create(AppContext.BaseDirectory).FindParent(x => (x / "Pipeline.sln").FileExists())!;

    /// <summary>What is in a file of it; see <see cref="File"/>.</summary>
    public static byte[] Read(string name) => System.IO.File.ReadAllBytes(File(name));

    /// <summary>A file of it. Without the folder the test is skipped; a file that is missing in it fails the test.</summary>
    public static AbsolutePath File(string name)
    {
        var beside = Repository.Parent / "shared/fixtures/supply-chain";
        var folder = Environment.GetEnvironmentVariable("FAIRLEAD_SUPPLY_CHAIN_DATA") is { Length: > 0 } named ? AbsolutePath.Resolve(AbsolutePath.CurrentDirectory, named) : beside;
        if (!folder.DirectoryExists())
            Assert.Skip("The recorded documents are not there: set FAIRLEAD_SUPPLY_CHAIN_DATA to their folder.");
        return folder / name;
    }
}
