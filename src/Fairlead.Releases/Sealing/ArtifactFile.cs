using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>A built file that becomes an artifact; see <see cref="ReleaseArtifact"/> for the members.</summary>
/// <param name="Name">Its name, unique in the release.</param>
/// <param name="Kind">One of <see cref="ArtifactKinds"/>.</param>
/// <param name="File">The file, inside the release's directory.</param>
/// <param name="EntryPoint">For an application archive: the file inside that is started.</param>
public sealed record ArtifactFile(string Name, string Kind, AbsolutePath File, string? EntryPoint = null)
{
    /// <summary>For a container image: what it is called in a registry and by which digest.</summary>
    public ImageReference? Image { get; init; }
}
