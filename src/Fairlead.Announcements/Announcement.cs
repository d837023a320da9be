using System.Collections.Immutable;
using Fairlead.Releases;

namespace Fairlead.Announcements;

/// <summary>What is told about a release, the same through every channel.</summary>
public sealed record Announcement
{
    /// <summary>One line: application and version.</summary>
    public required string Title { get; init; }

    /// <summary>The version.</summary>
    public required string Version { get; init; }

    /// <summary>The release notes, in Markdown.</summary>
    public required string Notes { get; init; }

    /// <summary>The digest of the release: tells two announcements of one release from those of two.</summary>
    public required string ReleaseDigest { get; init; }

    /// <summary>Where to read or get more.</summary>
    public ImmutableArray<AnnouncementLink> Links { get; init; } = [];

    /// <summary>Composes the announcement of a release.</summary>
    /// <param name="manifest">The release.</param>
    /// <param name="links">Where to read or get more.</param>
    public static Announcement Of(ReleaseManifest manifest, params ImmutableArray<AnnouncementLink> links) => new()
    {
        Title = $"{manifest.Application} {manifest.Version}",
        Version = manifest.Version,
        Notes = manifest.Notes,
        ReleaseDigest = manifest.Digest,
        Links = links,
    };
}
