namespace Fairlead.Versioning;

/// <summary>A tag that names a version.</summary>
/// <param name="Name">Short name, with its prefix.</param>
/// <param name="Commit">Where it is.</param>
/// <param name="Version">The version that it names.</param>
sealed record VersionTag(string Name, int Commit, LabelledVersion Version);
