using Fairlead.SupplyChain;

namespace Fairlead.Components;

/// <summary>One call of the scanner for several targets.</summary>
sealed record SharedLook(Task<SourceScan> Scan);
