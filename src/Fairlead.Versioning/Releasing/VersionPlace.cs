namespace Fairlead.Versioning;

/// <summary>A file that versions are written into.</summary>
/// <param name="Path">From the root, with slashes.</param>
/// <param name="Pattern">Where in it; null for a file that is known by its name.</param>
public sealed record VersionPlace(string Path, VersionPattern? Pattern = null);
