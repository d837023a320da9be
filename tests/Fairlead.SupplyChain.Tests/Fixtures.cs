using Fairlead.Tooling;

namespace Fairlead.SupplyChain.Tests;

/// <summary>Recorded reports and schemas of others, which are beside the repository and not part of it.</summary>
static class Fixtures
{
    public static AbsolutePath Root { get; } = AbsolutePath.Create(AppContext.BaseDirectory).FindParent(x => (x / "Pipeline.sln").FileExists())!;

    static AbsolutePath? Directory { get; } = Environment.GetEnvironmentVariable("FAIRLEAD_SUPPLY_CHAIN_DATA") is { Length: > 0 } named
        ? AbsolutePath.Create(named)
        : (Root / ".." / "shared" / "fixtures" / "supply-chain").Existing();

    public static AbsolutePath Get(string path)
    {
        Assert.SkipWhen(Directory is null, "The recorded files are not here: FAIRLEAD_SUPPLY_CHAIN_DATA names their directory.");
        return Directory! / path;
    }
}
