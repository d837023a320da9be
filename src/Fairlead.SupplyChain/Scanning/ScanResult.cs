using System.Collections.Immutable;

namespace Fairlead.SupplyChain;

/// <summary>The result of a scan.</summary>
/// <param name="Verdict">Of the kind <see cref="VerdictKinds.Scan"/>.</param>
/// <param name="Findings">All findings, the gravest first.</param>
public sealed record ScanResult(Verdict Verdict, ImmutableArray<Finding> Findings);
