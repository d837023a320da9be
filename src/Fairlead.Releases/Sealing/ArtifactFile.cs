using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>A built file that is to become an artifact of a release.</summary>
/// <param name="Name">Its name, unique in the release.</param>
/// <param name="Kind">What it is; one of <see cref="ArtifactKinds"/>.</param>
/// <param name="File">The file, inside the directory of the release.</param>
/// <param name="EntryPoint">For an application archive: the file inside that is started; otherwise null.</param>
public sealed record ArtifactFile(string Name, string Kind, AbsolutePath File, string? EntryPoint = null);
