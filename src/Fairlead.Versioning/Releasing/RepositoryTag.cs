namespace Fairlead.Versioning;

/// <summary>A tag that names a semantic version.</summary>
/// <param name="Name">Short name, with its prefix.</param>
/// <param name="Commit">Position of the commit in the graph.</param>
/// <param name="Version">The version.</param>
public sealed record RepositoryTag(string Name, int Commit, SemanticVersion Version);
