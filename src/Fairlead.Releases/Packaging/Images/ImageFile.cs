using System.Text.Json.Nodes;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>Tells what is in a file that <see cref="ImageNormaliser"/> has written.</summary>
public static class ImageFile
{
    /// <summary>The image by content: the digest from its bytes, repository and tag as they were written.</summary>
    /// <param name="file">The <c>….oci.tar</c>.</param>
    /// <exception cref="UserErrorException">The file is no such image, or is damaged.</exception>
    public static ImageReference Read(AbsolutePath file)
    {
        using var layout = OciLayout.Open(file);
        using var archive = OciArchive.Open(file);
        var tags = archive.Contains("manifest.json") ? ((archive.JsonArray("manifest.json") is [JsonObject image] ? image : null)?["RepoTags"] as JsonArray) : null;
        if (tags is not [JsonValue value] || !value.TryGetValue<string>(out var name) || name.LastIndexOf(':') is var colon && colon <= name.LastIndexOf('/'))
            throw archive.Refusal("it does not say what it is called");
        return new ImageReference(name[..colon], name[(colon + 1)..], layout.Root.Digest);
    }

    /// <summary>A version as a tag: a plus sign, which tags may not have, becomes an underscore.</summary>
    public static string TagOf(string version) => version.Replace('+', '_');
}
