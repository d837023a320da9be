using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Tooling;

namespace Fairlead.Testing.Images;

/// <summary>Writes images as the .NET SDK and Docker do, by hand.</summary>
static class TestImage
{
    public static string Digest(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static byte[] Gzip(byte[] bytes)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return result.ToArray();
    }

    public static byte[] Tar(DateTimeOffset time, params TarEntry[] entries)
    {
        using var result = new MemoryStream();
        using (var tar = new TarWriter(result, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                entry.ModificationTime = time;
                tar.WriteEntry(entry);
            }
        }

        return result.ToArray();
    }

    public static TarEntry File(string name, string content, UnixFileMode mode = (UnixFileMode)0b111_101_101) =>
        new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)), Mode = mode };

    public static TarEntry Link(string name, string target, TarEntryType type = TarEntryType.SymbolicLink) => new PaxTarEntry(type, name) { LinkName = target };

    /// <summary>A layout with one image for each architecture; the layers are given compressed, the last is the application's.</summary>
    public static AbsolutePath Layout(AbsolutePath file, DateTimeOffset built, IReadOnlyList<byte[]> layers, string? user = "1654", params string[] architectures)
    {
        var blobs = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        string Add(byte[] bytes)
        {
            blobs[Digest(bytes)] = bytes;
            return Digest(bytes);
        }

        JsonObject Descriptor(string type, byte[] bytes) => new() { ["mediaType"] = type, ["size"] = bytes.Length, ["digest"] = Add(bytes) };
        var manifests = (architectures.Length == 0 ? ["amd64"] : architectures).Select(architecture =>
        {
            var config = Encoding.UTF8.GetBytes(Config(architecture, [.. layers.Select(x => Digest(Unzip(x)))], user, built).ToJsonString());
            var manifest = Encoding.UTF8.GetBytes(new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
                ["config"] = Descriptor("application/vnd.oci.image.config.v1+json", config),
                ["layers"] = new JsonArray([.. layers.Select(x => (JsonNode)Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", x))]),
            }.ToJsonString());
            return Descriptor("application/vnd.oci.image.manifest.v1+json", manifest);
        }).ToList();
        var root = manifests is [var only] ? only : Descriptor("application/vnd.oci.image.index.v1+json", Encoding.UTF8.GetBytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.index.v1+json",
            ["manifests"] = new JsonArray([.. manifests]),
        }.ToJsonString()));
        var index = new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(root.DeepClone()) };
        var entries = blobs.Select(x => ($"blobs/sha256/{x.Key[7..]}", x.Value))
            .Append(("index.json", Encoding.UTF8.GetBytes(index.ToJsonString())))
            .Append(("oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray()));
        // As the SDK does it: what several images share is there several times.
        if (architectures.Length > 1)
            entries = entries.Prepend(($"blobs/sha256/{Digest(layers[0])[7..]}", layers[0]));
        System.IO.File.WriteAllBytes(file, Tar(built, [.. entries.Select(x => (TarEntry)new PaxTarEntry(TarEntryType.RegularFile, x.Item1) { DataStream = new MemoryStream(x.Item2) })]));
        return file;
    }

    /// <summary>What older Docker saves: layers uncompressed in directories of their own, the second one a link to the first when they are the same.</summary>
    public static AbsolutePath DockerArchive(AbsolutePath file, IReadOnlyList<byte[]> layers, string? user)
    {
        var config = Encoding.UTF8.GetBytes(Config("amd64", [.. layers.Select(Digest)], user, DateTimeOffset.UnixEpoch).ToJsonString());
        var manifest = new JsonArray(new JsonObject { ["Config"] = "config.json", ["RepoTags"] = new JsonArray("x:y"), ["Layers"] = new JsonArray([.. layers.Select((_, i) => (JsonNode)$"{i}/layer.tar")]) });
        List<TarEntry> entries = [new PaxTarEntry(TarEntryType.RegularFile, "config.json") { DataStream = new MemoryStream(config) }, File("manifest.json", manifest.ToJsonString())];
        for (var i = 0; i < layers.Count; i++)
            entries.Add(i > 0 && layers[i] == layers[0] ? Link($"{i}/layer.tar", "../0/layer.tar") : new PaxTarEntry(TarEntryType.RegularFile, $"{i}/layer.tar") { DataStream = new MemoryStream(layers[i]) });
        System.IO.File.WriteAllBytes(file, Tar(DateTimeOffset.UtcNow, [.. entries]));
        return file;
    }

    /// <summary>All files of a tar.</summary>
    public static Dictionary<string, byte[]> Read(AbsolutePath file)
    {
        using var tar = new TarReader(System.IO.File.OpenRead(file));
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        while (tar.GetNextEntry() is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            files.Add(entry.Name, content.ToArray());
        }

        return files;
    }

    public static byte[] Unzip(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var result = new MemoryStream();
        gzip.CopyTo(result);
        return result.ToArray();
    }

    static JsonObject Config(string architecture, IReadOnlyList<string> layers, string? user, DateTimeOffset built)
    {
        var inner = new JsonObject
        {
            ["Labels"] = new JsonObject { ["org.opencontainers.image.created"] = $"{built:O}", ["org.opencontainers.image.base.name"] = "127.0.0.1", ["org.opencontainers.image.base.digest"] = "sha256:" + new string('b', 64), ["own"] = "kept" },
        };
        if (user is not null)
            inner["User"] = user;
        return new JsonObject
        {
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["created"] = $"{built:O}",
            ["config"] = inner,
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. layers.Select(x => (JsonNode)x)]) },
            ["history"] = new JsonArray(
            [
                .. Enumerable.Range(1, layers.Count - 1).Select(_ => (JsonNode)new JsonObject { ["created_by"] = "base", ["created"] = "2020-01-01T00:00:00Z" }),
                new JsonObject { ["created_by"] = ".NET SDK", ["created"] = $"{built:O}" },
            ]),
        };
    }
}
