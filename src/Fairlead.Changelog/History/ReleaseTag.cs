using Fairlead.Versioning;

namespace Fairlead.Changelog;

/// <summary>A tag that names a version.</summary>
/// <param name="Name">The tag as written, with its prefix.</param>
/// <param name="Commit">Full id of the commit that it points to; for an annotated tag that of the commit behind it, however many tags are between them.</param>
/// <param name="Version">The version. A fourth number, which is no part of a semantic version, is kept as build metadata.</param>
/// <param name="Label">The version as the tag writes it, without the prefix: <c>1.2</c>, <c>1.8.3.2</c>.</param>
/// <param name="Date">When the tag was made or, for one that is not annotated, the commit; in UTC.</param>
public sealed record ReleaseTag(string Name, string Commit, SemanticVersion Version, string Label, DateTimeOffset Date) : IComparable<ReleaseTag>
{
    /// <summary>Whether this comes before its release.</summary>
    public bool IsPreRelease => Version.IsPreRelease;

    int Fourth => int.TryParse(Version.Metadata, out var number) ? number : 0;

    /// <summary>Compares versions.</summary>
    public int CompareTo(ReleaseTag? other)
    {
        if (other is null)
            return 1;
        var order = Version.Core.CompareTo(other.Version.Core);
        if (order == 0)
            order = Fourth.CompareTo(other.Fourth);
        return order == 0 ? Version.CompareTo(other.Version) : order;
    }

    /// <summary>Lower version.</summary>
    public static bool operator <(ReleaseTag left, ReleaseTag right) => left.CompareTo(right) < 0;

    /// <summary>Higher version.</summary>
    public static bool operator >(ReleaseTag left, ReleaseTag right) => left.CompareTo(right) > 0;

    /// <summary>Lower or equal version.</summary>
    public static bool operator <=(ReleaseTag left, ReleaseTag right) => left.CompareTo(right) <= 0;

    /// <summary>Higher or equal version.</summary>
    public static bool operator >=(ReleaseTag left, ReleaseTag right) => left.CompareTo(right) >= 0;
}
