namespace Fairlead.Versioning;

/// <summary>A tag that names a version.</summary>
/// <param name="Name">The tag as written, with its prefix.</param>
/// <param name="Commit">Full id of the commit that it points to; for an annotated tag, the commit behind it.</param>
/// <param name="Version">The version that it names.</param>
public sealed record GitTag(string Name, string Commit, SemanticVersion Version);
