using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>What a software bill of materials is made for.</summary>
public sealed record SbomRequest
{
    /// <summary>Name of the application, the package or the image.</summary>
    public required string Name { get; init; }

    /// <summary>Its version; project references carry it too, because they are built from the same commit.</summary>
    public required string Version { get; init; }

    /// <summary>Full id of the commit.</summary>
    public required string Commit { get; init; }

    /// <summary>Committer time of that commit: the timestamp of the document, so that the same commit gives the same document.</summary>
    public required DateTimeOffset CommitTime { get; init; }

    /// <summary>The project files that make up the application, restored. Those that they refer to come by themselves.</summary>
    public required ImmutableArray<AbsolutePath> Projects { get; init; }

    /// <summary>What the subject is. Default: an application.</summary>
    public SbomSubjectKind Kind { get; init; } = SbomSubjectKind.Application;

    /// <summary>Who makes and supplies the subject. Default: nobody is named, which <see cref="SbomCompleteness"/> reports.</summary>
    public SbomParty? Supplier { get; init; }

    /// <summary>Who makes the document. Default: <see cref="Supplier"/>.</summary>
    public SbomParty? Author { get; init; }

    /// <summary>The subject's own licence as an SPDX expression, or null.</summary>
    public string? Licence { get; init; }

    /// <summary>The subject's own copyright notice, or null.</summary>
    public string? Copyright { get; init; }

    /// <summary>The subject's package URL. Default: <c>pkg:nuget/…</c> for a library, <c>pkg:generic/…</c> otherwise.</summary>
    public string? Purl { get; init; }

    /// <summary>Address of the repository, without credentials, or null.</summary>
    public string? VcsUrl { get; init; }
}
