using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>What a software bill of materials is made for.</summary>
public sealed record SbomRequest
{
    /// <summary>Name of the application.</summary>
    public required string Name { get; init; }

    /// <summary>Its version; project references carry it too, because they are built from the same commit.</summary>
    public required string Version { get; init; }

    /// <summary>Full id of the commit.</summary>
    public required string Commit { get; init; }

    /// <summary>Committer time of that commit: the timestamp of the document, so that the same commit gives the same document.</summary>
    public required DateTimeOffset CommitTime { get; init; }

    /// <summary>The project files that make up the application, restored. Those that they refer to come by themselves.</summary>
    public required ImmutableArray<AbsolutePath> Projects { get; init; }
}
