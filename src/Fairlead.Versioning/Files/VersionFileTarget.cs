using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>A file that the version is written into.</summary>
/// <param name="File">The file.</param>
/// <param name="Pattern">Where the version stands in it; null for a file that is known by its name.</param>
public sealed record VersionFileTarget(AbsolutePath File, VersionPattern? Pattern = null);
