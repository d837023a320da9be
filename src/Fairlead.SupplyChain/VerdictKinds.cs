using System.Collections.Immutable;

namespace Fairlead.SupplyChain;

/// <summary>The kinds of verdict that Fairlead itself makes.</summary>
public static class VerdictKinds
{
    /// <summary>The test run.</summary>
    public const string Tests = "tests";

    /// <summary>The share of the code that the tests run.</summary>
    public const string Coverage = "coverage";

    /// <summary>The scans: of sources and dependencies, and of what was built. Its parts are the kinds of scan.</summary>
    public const string Scan = "scan";

    /// <summary>The software bill of materials.</summary>
    public const string Sbom = "sbom";

    /// <summary>The licences of what is delivered.</summary>
    public const string Licences = "licences";

    /// <summary>Format, analyzers, and linters of other languages.</summary>
    public const string Lint = "lint";

    /// <summary>The changelog.</summary>
    public const string Changelog = "changelog";

    /// <summary>The documentation.</summary>
    public const string Documentation = "docs";

    /// <summary>The benchmarks, against their stored baseline.</summary>
    public const string Benchmarks = "benchmarks";

    /// <summary>Signatures and provenance. No manifest has it: it is looked at anew before each deployment.</summary>
    public const string Signatures = "signatures";

    /// <summary>All of them.</summary>
    public static ImmutableArray<string> All { get; } = [Tests, Coverage, Scan, Sbom, Licences, Lint, Changelog, Documentation, Benchmarks, Signatures];
}
