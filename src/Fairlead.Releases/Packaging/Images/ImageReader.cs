using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Fairlead.Releases;

/// <summary>Reads what the .NET SDK, Docker and others write: an OCI image layout or a Docker archive in a <c>.tar</c>.</summary>
static class ImageReader
{
    const string Attestation = "vnd.docker.reference.type";

    /// <summary>The images, one for each platform, in the order of the archive.</summary>
    public static ImmutableArray<SourceImage> Read(OciArchive archive)
    {
        var images = archive.Contains("index.json") && archive.Contains("oci-layout")
            ? ReadIndex(archive, archive.Json("index.json"), depth: 0).ToImmutableArray()
            : archive.Contains("manifest.json") ? [ReadDockerArchive(archive)] : throw archive.Refusal("it is neither an OCI image layout nor a Docker archive");
        if (images.IsEmpty)
            throw archive.Refusal("there is no image in it");
        var twice = images.GroupBy(x => PlatformOf(x.Config).ToJsonString(), StringComparer.Ordinal).FirstOrDefault(x => x.Count() > 1);
        return twice is null ? images : throw archive.Refusal($"it holds two images for the platform {twice.Key}");
    }

    /// <summary>The platform of a configuration, as an index describes it.</summary>
    public static JsonObject PlatformOf(JsonObject config)
    {
        var platform = new JsonObject();
        foreach (var key in new[] { "architecture", "os", "os.version", "variant" })
        {
            if (Text(config, key) is { Length: > 0 } value)
                platform[key] = value;
        }

        return platform;
    }

    public static string? Text(JsonObject? node, string key)
    {
        try
        {
            return node?[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, which is JSON and no text.
            return null;
        }
    }

    static IEnumerable<SourceImage> ReadIndex(OciArchive archive, JsonObject index, int depth)
    {
        if (depth > 2)
            throw archive.Refusal("its indexes hold indexes that hold indexes");
        foreach (var descriptor in index["manifests"] as JsonArray ?? throw archive.Refusal("an index lists no manifests"))
        {
            var item = descriptor as JsonObject ?? throw archive.Refusal("an index lists something that is no descriptor");
            if (Text(item["annotations"] as JsonObject, Attestation) is not null)
                continue;
            var document = archive.JsonBlob(Text(item, "digest") ?? "");
            var type = Text(item, "mediaType") ?? Text(document, "mediaType");
            if (OciMediaTypes.IsIndex(type))
            {
                foreach (var image in ReadIndex(archive, document, depth + 1))
                    yield return image;
            }
            else if (OciMediaTypes.IsManifest(type))
            {
                yield return ReadManifest(archive, document);
            }
            else
            {
                throw archive.Refusal($"it holds something of the unknown type '{type}'");
            }
        }
    }

    static SourceImage ReadManifest(OciArchive archive, JsonObject manifest)
    {
        var config = archive.JsonBlob(Text(manifest["config"] as JsonObject, "digest") ?? "");
        var layers = manifest["layers"] as JsonArray ?? throw archive.Refusal("a manifest lists no layers");
        var diffIds = DiffIdsOf(archive, config, layers.Count);
        return new SourceImage(config, [.. layers.Select((x, i) => new SourceLayer(LayerType(archive, Text(x as JsonObject, "mediaType")), archive.Blob(Text(x as JsonObject, "digest") ?? ""), diffIds[i]))]);
    }

    static SourceImage ReadDockerArchive(OciArchive archive)
    {
        var images = archive.JsonArray("manifest.json");
        if (images is not [JsonObject image])
            throw archive.Refusal($"it holds {images.Count} images, and one is expected");
        var config = archive.Json(Text(image, "Config") ?? throw archive.Refusal("it names no configuration"));
        var layers = image["Layers"] as JsonArray ?? throw archive.Refusal("it lists no layers");
        var diffIds = DiffIdsOf(archive, config, layers.Count);
        return new SourceImage(config, [.. layers.Select((x, i) => Layer(x, diffIds[i]))]);

        SourceLayer Layer(JsonNode? name, string diffId)
        {
            var content = archive.Open(Text(new JsonObject { ["name"] = name?.DeepClone() }, "name") ?? throw archive.Refusal("a layer has no name"));
            Span<byte> start = stackalloc byte[2];
            var read = content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            content.Position = 0;
            return new SourceLayer(start[..read] is [0x1F, 0x8B] ? OciMediaTypes.LayerGzip : OciMediaTypes.Layer, content, diffId);
        }
    }

    static ImmutableArray<string> DiffIdsOf(OciArchive archive, JsonObject config, int layers)
    {
        var ids = (config["rootfs"] as JsonObject)?["diff_ids"] as JsonArray;
        if (ids is null || ids.Count != layers)
            throw archive.Refusal($"its configuration knows {ids?.Count ?? 0} layers, and the manifest {layers}");
        return [.. ids.Select(x => Text(new JsonObject { ["id"] = x?.DeepClone() }, "id") is { } text && OciArchive.IsDigest(text) ? text : throw archive.Refusal("the id of a layer is no sha256 digest"))];
    }

    static string LayerType(OciArchive archive, string? type) => type switch
    {
        OciMediaTypes.Layer or OciMediaTypes.LayerGzip or OciMediaTypes.LayerZstd => type,
        "application/vnd.docker.image.rootfs.diff.tar.gzip" => OciMediaTypes.LayerGzip,
        "application/vnd.docker.image.rootfs.diff.tar" => OciMediaTypes.Layer,
        _ => throw archive.Refusal($"it has a layer of the type '{type}', which may not be passed on, or which nothing here knows"),
    };
}
