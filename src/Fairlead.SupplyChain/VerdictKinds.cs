namespace Fairlead.SupplyChain;

/// <summary>The kinds of verdict that Fairlead itself makes.</summary>
public static class VerdictKinds
{
    /// <summary>The test run.</summary>
    public const string Tests = "tests";

    /// <summary>The scan of sources and dependencies.</summary>
    public const string Scan = "scan";

    /// <summary>The software bill of materials.</summary>
    public const string Sbom = "sbom";
}
