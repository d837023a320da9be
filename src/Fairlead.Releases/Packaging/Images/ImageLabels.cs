namespace Fairlead.Releases;

/// <summary>What an image says about itself, in labels and annotations (OCI image specification, annotations).</summary>
public sealed record ImageLabels
{
    /// <summary>Name for people.</summary>
    public required string Title { get; init; }

    /// <summary>The version of the release.</summary>
    public required string Version { get; init; }

    /// <summary>Full id of the commit.</summary>
    public required string Revision { get; init; }

    /// <summary>Time of the commit. It is also the time of the image and of the files that the release adds.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Address of the sources, without credentials; null when not known.</summary>
    public string? Source { get; init; }

    /// <summary>Licences as an SPDX expression; null when not known.</summary>
    public string? Licences { get; init; }

    /// <summary>The image that this one was built on, as the user wrote it; null when not known.</summary>
    public string? BaseName { get; init; }
}
