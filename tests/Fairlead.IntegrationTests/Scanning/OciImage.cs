using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests.Scanning;

/// <summary>An image of one layer, made by hand.</summary>
sealed class OciImage
{
    const string Manifest = "application/vnd.oci.image.manifest.v1+json";

    readonly byte[] _layer;
    readonly byte[] _configuration;
    readonly byte[] _manifest;

    public OciImage(params (string Path, string Content)[] files)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            foreach (var (path, content) in files)
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(tar.ToArray());
        _layer = packed.ToArray();
        _configuration = Json(new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject(),
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(Digest(tar.ToArray())) },
        });
        _manifest = Json(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = Manifest,
            ["config"] = Descriptor(_configuration, "application/vnd.oci.image.config.v1+json"),
            ["layers"] = new JsonArray(Descriptor(_layer, "application/vnd.oci.image.layer.v1.tar+gzip")),
        });
    }

    public string ManifestDigest => Digest(_manifest);

    public void WriteLayout(AbsolutePath directory)
    {
        var blobs = (directory / "blobs" / "sha256").CreateDirectory();
        foreach (var blob in new[] { _layer, _configuration, _manifest })
            File.WriteAllBytes(blobs / Digest(blob)[7..], blob);
        File.WriteAllText(directory / "oci-layout", """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllBytes(directory / "index.json", Json(new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(Descriptor(_manifest, Manifest)) }));
    }

    public async Task PushAsync(HttpClient registry, string name, string tag)
    {
        foreach (var blob in new[] { _layer, _configuration })
        {
            using var begun = await registry.PostAsync(new Uri($"v2/{name}/blobs/uploads/", UriKind.Relative), null);
            begun.EnsureSuccessStatusCode();
            var location = begun.Headers.Location!.ToString();
            using var content = new ByteArrayContent(blob);
            using var put = await registry.PutAsync(new Uri($"{location}{(location.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={Digest(blob)}"), content);
            put.EnsureSuccessStatusCode();
        }

        using var manifest = new ByteArrayContent(_manifest);
        manifest.Headers.ContentType = new MediaTypeHeaderValue(Manifest);
        using var done = await registry.PutAsync(new Uri($"v2/{name}/manifests/{tag}", UriKind.Relative), manifest);
        done.EnsureSuccessStatusCode();
    }

    static JsonObject Descriptor(byte[] blob, string mediaType) => new() { ["mediaType"] = mediaType, ["digest"] = Digest(blob), ["size"] = blob.Length };

    static string Digest(byte[] blob) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(blob))}";

    static byte[] Json(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());
}
