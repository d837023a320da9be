using System.Collections.Immutable;

namespace Fairlead.SupplyChain;

/// <summary>The tools that the pipeline may fetch, pinned by digest: the file <c>.nuke/tools.lock.json</c>.</summary>
/// <param name="Tools">The tools by name.</param>
public sealed record ToolsLock(ImmutableSortedDictionary<string, LockedTool> Tools)
{
    /// <summary>No tool may be fetched.</summary>
    public static ToolsLock Empty { get; } = new(ImmutableSortedDictionary.Create<string, LockedTool>(StringComparer.Ordinal));
}
