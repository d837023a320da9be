using Fairlead.Tooling;

namespace Fairlead.SupplyChain.Tests;

/// <summary>What other systems have written, recorded. It is used from where it is.</summary>
static class SupplyChainData
{
    const string Variable = "FAIRLEAD_SUPPLY_CHAIN_DATA";

    public static byte[] Read(string path)
    {
        var directory = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
            ? AbsolutePath.Create(named)
            : AbsolutePath.Create(AppContext.BaseDirectory).FindParent(x => (x / "Pipeline.sln").FileExists())!.Parent / "shared" / "fixtures" / "supply-chain";
        if (!directory.DirectoryExists())
            Assert.Skip($"The recorded data is not here; {Variable} says where it is.");
        return File.ReadAllBytes(directory / path);
    }
}
