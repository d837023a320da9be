using System.Collections.Immutable;

namespace Fairlead.SupplyChain;

/// <summary>One thing in the bill: a package, a project, a framework, an operating system, or the subject itself.</summary>
/// <param name="Reference">What the dependency graph calls it; unique in the bill. A package's purl, with <c>|framework</c> after it where frameworks resolved it differently.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name, as its own package writes it.</param>
/// <param name="Version">Its version; null when unknown.</param>
public sealed record SbomComponent(string Reference, SbomComponentKind Kind, string Name, string? Version)
{
    /// <summary>Its package URL, or null.</summary>
    public string? Purl { get; init; }

    /// <summary>A namespace of the name (a Maven group, an npm scope), or null.</summary>
    public string? Group { get; init; }

    /// <summary>Whether it is delivered and used at run time.</summary>
    public SbomScope Scope { get; init; } = SbomScope.Required;

    /// <summary>Whether it is a part of the subject itself, built from the same commit: a project.</summary>
    public bool IsPart { get; init; }

    /// <summary>The persons or organisations that made it.</summary>
    public ImmutableArray<string> Authors { get; init; } = [];

    /// <summary>Who supplies it; null when unknown.</summary>
    public SbomParty? Supplier { get; init; }

    /// <summary>Hashes of the file that it came in.</summary>
    public ImmutableArray<SbomHash> Hashes { get; init; } = [];

    /// <summary>Its licences; all of them apply.</summary>
    public ImmutableArray<SbomLicence> Licences { get; init; } = [];

    /// <summary>Its copyright notice; null when it states none.</summary>
    public string? Copyright { get; init; }

    /// <summary>What it is for, in its own words.</summary>
    public string? Description { get; init; }

    /// <summary>Where more of it is found.</summary>
    public ImmutableArray<SbomReference> References { get; init; } = [];

    /// <summary>Further facts; one name may occur several times (<c>fairlead:framework</c>).</summary>
    public ImmutableArray<SbomProperty> Properties { get; init; } = [];
}
