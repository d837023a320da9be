using System.Text.Json.Serialization;

namespace Fairlead.Releases;

/// <summary>One built thing.</summary>
/// <param name="Name">Its name, unique in the release; services of an environment refer to it.</param>
/// <param name="Kind">What it is; one of <see cref="ArtifactKinds"/>.</param>
/// <param name="Location">Where it is: a path relative to the manifest's directory, with forward slashes.</param>
/// <param name="Digest"><c>sha256:</c> and the hash of its bytes in lower-case hexadecimal.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="EntryPoint">For an application archive: the file inside that is started (<c>Storefront.dll</c>); otherwise null.</param>
public sealed record ReleaseArtifact(string Name, string Kind, string Location, string Digest, long Size, string? EntryPoint = null)
{
    /// <summary>For a container image: what it is called in a registry and by which digest; otherwise null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImageReference? Image { get; init; }
}
