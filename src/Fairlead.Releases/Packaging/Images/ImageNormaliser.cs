using System.Collections.Immutable;
using System.Formats.Tar;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// Writes an image that some tool has made anew, as an OCI image layout in a <c>.tar</c>: labels and annotations of the release, times of the commit, docker's media types
/// replaced. Layers of the base image stay as they are, byte for byte, so that registries keep them once. Beside the layout stands the
/// <c>manifest.json</c> of Docker's archives, so that <c>docker load</c> and scanners read the file too.
/// </summary>
public static class ImageNormaliser
{
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes; the file appears whole or not at all.</summary>
    /// <param name="source">What <c>dotnet publish -t:PublishContainer</c> or <c>docker save</c> has written.</param>
    /// <param name="target">The file to write: <c>….oci.tar</c>.</param>
    /// <param name="origin">How it was made.</param>
    /// <param name="repository">Registry, if any, and repository.</param>
    /// <param name="tag">The tag under which people find it.</param>
    /// <param name="labels">What it says about itself.</param>
    /// <param name="allowsRoot">Whether an image that runs as root is taken.</param>
    /// <returns>The image by content.</returns>
    /// <exception cref="UserErrorException">The file is no image, is damaged or hostile, or the image runs as root.</exception>
    public static ImageReference Normalise(AbsolutePath source, AbsolutePath target, ImageOrigin origin, string repository, string tag, ImageLabels labels, bool allowsRoot = false)
    {
        ImageName.Check(repository, tag);
        using var archive = OciArchive.Open(source);
        var images = ImageReader.Read(archive);
        var temporary = AbsolutePath.Create($"{target}.{Guid.NewGuid():N}.layers");
        try
        {
            var blobs = new SortedDictionary<string, Func<Stream>>(StringComparer.Ordinal);
            var manifests = images.Select(x => Write(x, origin, labels, allowsRoot, temporary, blobs)).ToImmutableArray();
            var root = manifests is [var only] ? only.Descriptor : Index(manifests, labels, blobs);
            var digest = ImageReader.Text(root, "digest")!;
            var named = (JsonObject)root.DeepClone();
            var annotations = named["annotations"] as JsonObject ?? [];
            annotations["org.opencontainers.image.ref.name"] = tag;
            named["annotations"] = annotations;
            var index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = OciMediaTypes.Index, ["manifests"] = new JsonArray(named) };
            var shown = manifests.FirstOrDefault(x => ImageReader.Text(x.Descriptor["platform"] as JsonObject, "architecture") == "amd64") ?? manifests[0];
            var docker = new JsonArray(new JsonObject { ["Config"] = OciArchive.BlobName(shown.Config), ["RepoTags"] = new JsonArray($"{repository}:{tag}"), ["Layers"] = new JsonArray([.. shown.Layers.Select(x => (JsonNode)OciArchive.BlobName(x))]) });
            NewFile.Write(target, file => Layout(file, blobs, index, docker, labels.Created));
            return new ImageReference(repository, tag, digest);
        }
        catch (InvalidOperationException e)
        {
            throw archive.Refusal("its configuration holds text that is none", e);
        }
        finally
        {
            temporary.DeleteDirectory();
        }
    }

    static WrittenImage Write(SourceImage image, ImageOrigin origin, ImageLabels labels, bool allowsRoot, AbsolutePath temporary, SortedDictionary<string, Func<Stream>> blobs)
    {
        var config = (JsonObject)image.Config.DeepClone();
        var isOwn = origin == ImageOrigin.Sdk;
        if (!allowsRoot)
            ImageUser.Check(config);
        var layers = new JsonArray();
        var diffIds = new JsonArray();
        for (var i = 0; i < image.Layers.Length; i++)
        {
            var layer = image.Layers[i];
            var file = temporary.CreateDirectory() / $"{Guid.NewGuid():N}";
            var stable = isOwn && i == image.Layers.Length - 1 ? StableLayer.Rewrite(layer, file, labels.Created)
                : layer.MediaType == OciMediaTypes.Layer ? StableLayer.Compress(layer, file)
                : null;
            diffIds.Add(stable?.DiffId ?? layer.DiffId);
            if (stable is not null)
                blobs[stable.Digest] = () => File.OpenRead(stable.File);
            layers.Add(stable is not null ? Descriptor(OciMediaTypes.LayerGzip, stable.Digest, new FileInfo(stable.File).Length) : Kept(layer));
        }

        ImageConfig.Complete(config, diffIds, labels, isOwn);
        var annotations = ImageConfig.Annotations(config, labels);
        var configDescriptor = Document(OciMediaTypes.Config, config, blobs);
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = OciMediaTypes.Manifest,
            ["config"] = configDescriptor.DeepClone(),
            ["layers"] = layers,
            ["annotations"] = annotations,
        };
        var descriptor = Document(OciMediaTypes.Manifest, manifest, blobs);
        descriptor["platform"] = ImageReader.PlatformOf(config);
        return new WrittenImage(descriptor, ImageReader.Text(configDescriptor, "digest")!, [.. layers.Select(x => ImageReader.Text((JsonObject)x!, "digest")!)]);

        JsonObject Kept(SourceLayer layer)
        {
            var digest = Sha256.Prefix + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(layer.Content));
            blobs[digest] = () =>
            {
                layer.Content.Position = 0;
                return layer.Content;
            };
            return Descriptor(layer.MediaType, digest, layer.Content.Length);
        }
    }

    static JsonObject Index(ImmutableArray<WrittenImage> manifests, ImageLabels labels, SortedDictionary<string, Func<Stream>> blobs) => Document(
        OciMediaTypes.Index,
        new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = OciMediaTypes.Index,
            ["manifests"] = new JsonArray([.. manifests.Select(x => x.Descriptor.DeepClone()).OrderBy(x => x["platform"]!.ToJsonString(), StringComparer.Ordinal)]),
            ["annotations"] = ImageConfig.Annotations(null, labels),
        },
        blobs);

    static JsonObject Document(string mediaType, JsonObject document, SortedDictionary<string, Func<Stream>> blobs)
    {
        var bytes = Encoding.UTF8.GetBytes(document.ToJsonString(Json));
        var digest = Sha256.Of(bytes);
        blobs[digest] = () => new MemoryStream(bytes);
        return Descriptor(mediaType, digest, bytes.Length);
    }

    static JsonObject Descriptor(string mediaType, string digest, long size) => new() { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = size };

    static void Layout(FileStream file, SortedDictionary<string, Func<Stream>> blobs, JsonObject index, JsonArray docker, DateTimeOffset time)
    {
        using var tar = new TarWriter(file, TarEntryFormat.Gnu, leaveOpen: true);
        Add("oci-layout", () => new MemoryStream("""{"imageLayoutVersion":"1.0.0"}"""u8.ToArray()));
        Add("index.json", () => new MemoryStream(Encoding.UTF8.GetBytes(index.ToJsonString(Json))));
        Add("manifest.json", () => new MemoryStream(Encoding.UTF8.GetBytes(docker.ToJsonString(Json))));
        foreach (var (digest, open) in blobs)
            Add(OciArchive.BlobName(digest), open);

        void Add(string name, Func<Stream> open)
        {
            using var content = open();
            var entry = TarGz.Entry(TarEntryType.RegularFile, name, PackedFiles.Plain, time);
            entry.DataStream = content;
            tar.WriteEntry(entry);
        }
    }

    sealed record WrittenImage(JsonObject Descriptor, string Config, ImmutableArray<string> Layers);
}
