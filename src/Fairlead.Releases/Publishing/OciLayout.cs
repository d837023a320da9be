using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>An image of a release, opened for publishing: an OCI layout with one image or one index of several.</summary>
sealed class OciLayout : IDisposable
{
    readonly OciArchive _archive;

    OciLayout(OciArchive archive, OciDocument root, ImmutableArray<OciDocument> manifests, ImmutableArray<string> blobs) =>
        (_archive, Root, Manifests, Blobs) = (archive, root, manifests, blobs);

    /// <summary>What tags name.</summary>
    public OciDocument Root { get; }

    /// <summary>All manifests and indexes, what is named before what names it: the root is the last.</summary>
    public ImmutableArray<OciDocument> Manifests { get; }

    /// <summary>Digests of configurations and layers, each once.</summary>
    public ImmutableArray<string> Blobs { get; }

    public static OciLayout Open(AbsolutePath file)
    {
        var archive = OciArchive.Open(file);
        try
        {
            var manifests = archive.Json("index.json")["manifests"] as JsonArray;
            if (manifests is not [JsonObject descriptor])
                throw archive.Refusal($"its index lists {manifests?.Count ?? 0} images, and one is expected");
            List<OciDocument> documents = [];
            List<string> blobs = [];
            var root = Visit(archive, descriptor, documents, blobs, depth: 0);
            return new OciLayout(archive, root, [.. documents.DistinctBy(x => x.Digest)], [.. blobs.Distinct(StringComparer.Ordinal)]);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    public FileSlice OpenBlob(string digest) => _archive.Blob(digest);

    public void Dispose() => _archive.Dispose();

    static OciDocument Visit(OciArchive archive, JsonObject descriptor, List<OciDocument> documents, List<string> blobs, int depth)
    {
        if (depth > 2)
            throw archive.Refusal("its indexes hold indexes that hold indexes");
        var digest = ImageReader.Text(descriptor, "digest") ?? "";
        var document = archive.JsonBlob(digest);
        var type = ImageReader.Text(descriptor, "mediaType") ?? ImageReader.Text(document, "mediaType");
        if (OciMediaTypes.IsIndex(type))
        {
            foreach (var item in document["manifests"] as JsonArray ?? [])
                Visit(archive, item as JsonObject ?? throw archive.Refusal("an index lists something that is no descriptor"), documents, blobs, depth + 1);
        }
        else if (OciMediaTypes.IsManifest(type))
        {
            foreach (var part in (document["layers"] as JsonArray ?? []).Prepend(document["config"]))
                blobs.Add(ImageReader.Text(part as JsonObject, "digest") is { } blob && OciArchive.IsDigest(blob) ? blob : throw archive.Refusal("a layer has no sha256 digest"));
        }
        else
        {
            throw archive.Refusal($"it holds something of the unknown type '{type}'");
        }

        var result = new OciDocument(digest, type!, archive.Document(digest));
        documents.Add(result);
        return result;
    }
}
