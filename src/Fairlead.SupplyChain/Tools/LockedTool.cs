using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>A tool that <c>.nuke/tools.lock.json</c> names.</summary>
/// <param name="Name">Its name, which is also the program's.</param>
/// <param name="Version">Its version, for people.</param>
/// <param name="Platforms">Where it comes from, in the order in which the places are tried, by platform: <c>linux-x64</c>, <c>win-x64</c> and so on.</param>
public sealed record LockedTool(string Name, string Version, ImmutableSortedDictionary<string, ImmutableArray<ToolSource>> Platforms)
{
    /// <summary>Whether a program of this name on the PATH is passed over, so that only the pinned one is ever started. Default: false.</summary>
    public bool IgnorePath { get; init; }

    /// <summary>Where it is written.</summary>
    public SourceLocation Where { get; init; }
}
