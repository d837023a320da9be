using System.Collections.Immutable;

namespace Fairlead.SupplyChain;

/// <summary>A software bill of materials, apart from any format: what it describes, what that is made of, and who says so.</summary>
public sealed record Sbom
{
    /// <summary>What the bill describes. Its reference is the root of the graph.</summary>
    public required SbomComponent Subject { get; init; }

    /// <summary>All components but the subject, the subject's own parts (<see cref="SbomComponent.IsPart"/>) among them; sorted by reference.</summary>
    public required ImmutableArray<SbomComponent> Components { get; init; }

    /// <summary>What each component needs, by reference. A component that needs nothing may be left out.</summary>
    public required ImmutableSortedDictionary<string, ImmutableSortedSet<string>> Dependencies { get; init; }

    /// <summary>Number of the document, the same for the same release; null when a document that was read has none.</summary>
    public Guid? SerialNumber { get; init; }

    /// <summary>The time that the document states, or null.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Who made the document, a person or an organisation, never a tool; null when nobody says.</summary>
    public SbomParty? Author { get; init; }

    /// <summary>The tools that made it.</summary>
    public ImmutableArray<SbomTool> Tools { get; init; } = [];

    /// <summary>In which phase of the subject's life it was made, in CycloneDX's words (<c>build</c>); null when not said.</summary>
    public string? Lifecycle { get; init; }

    /// <summary>Format and version of the document that this was read from (<c>CycloneDX 1.5</c>); null for one made here.</summary>
    public string? ReadFrom { get; init; }

    /// <summary>The dependencies of a component; empty when it has none.</summary>
    public ImmutableSortedSet<string> DependenciesOf(string reference) => Dependencies.GetValueOrDefault(reference, NoReferences);

    internal static ImmutableSortedSet<string> NoReferences { get; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
}
