using System.Buffers;
using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// A <c>.tar</c> that holds images, opened for looking things up by name. Nothing is unpacked, so no name in it can lead anywhere; what is read is
/// bounded and compared with its digest.
/// </summary>
sealed class OciArchive : IDisposable
{
    const int MostEntries = 100_000;

    // What registries take for a manifest (OCI distribution specification 1.1, pushing manifests).
    const int LargestDocument = 4 << 20;
    const int MostLinks = 8;

    static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly AbsolutePath _path;
    readonly FileStream _file;
    readonly Dictionary<string, (long Offset, long Length)> _files = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    OciArchive(AbsolutePath path)
    {
        _path = path;
        _file = File.OpenRead(path);
    }

    /// <exception cref="UserErrorException">The file is missing, is no tar, or holds what no image archive does.</exception>
    public static OciArchive Open(AbsolutePath path)
    {
        if (!path.FileExists())
            throw new UserErrorException($"The image '{path}' does not exist.", "Build it first.");
        var archive = new OciArchive(path);
        try
        {
            archive.ReadEntries();
            return archive;
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException or ArgumentException)
        {
            archive.Dispose();
            throw archive.Refusal($"it is no tar file ({e.Message})", e);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    public static string BlobName(string digest) => $"blobs/sha256/{digest[Sha256.Prefix.Length..]}";

    public static bool IsDigest(string? text) =>
        text is not null && text.Length == Sha256.Prefix.Length + 64 && text.StartsWith(Sha256.Prefix, StringComparison.Ordinal)
        && text.AsSpan(Sha256.Prefix.Length).IndexOfAnyExcept(HexDigits) < 0;

    public bool Contains(string name) => _files.ContainsKey(name);

    /// <summary>A file of the archive; links inside of it are followed.</summary>
    public FileSlice Open(string name)
    {
        var target = TarNames.Plain(name);
        for (var i = 0; i < MostLinks && _links.TryGetValue(target, out var next); i++)
            target = next;
        return _files.TryGetValue(target, out var place) ? new FileSlice(_file, place.Offset, place.Length) : throw Refusal($"'{name}' is missing in it");
    }

    /// <summary>A blob whose bytes have that digest.</summary>
    public FileSlice Blob(string digest)
    {
        if (!IsDigest(digest))
            throw Refusal($"'{Shortened(digest)}' is no sha256 digest");
        var blob = Open(BlobName(digest));
        var actual = Sha256.Prefix + Convert.ToHexStringLower(SHA256.HashData(blob));
        blob.Position = 0;
        return actual == digest ? blob : throw Refusal($"the blob {digest} has the digest {actual}");
    }

    /// <summary>A JSON object of the archive.</summary>
    public JsonObject Json(string name) => Parse(name, Document(Open(name), name)) as JsonObject ?? throw Refusal($"'{name}' is no JSON object");

    /// <summary>A JSON array of the archive.</summary>
    public JsonArray JsonArray(string name) => Parse(name, Document(Open(name), name)) as JsonArray ?? throw Refusal($"'{name}' is no JSON array");

    /// <summary>The bytes of a manifest or configuration.</summary>
    public byte[] Document(string digest) => Document(Blob(digest), digest);

    /// <summary>A manifest or configuration.</summary>
    public JsonObject JsonBlob(string digest) => Parse(digest, Document(digest)) as JsonObject ?? throw Refusal($"'{digest}' is no JSON object");

    public UserErrorException Refusal(string what, Exception? cause = null) => new($"The image '{_path}' cannot be used: {what}.", "Build it again.", cause);

    public void Dispose() => _file.Dispose();

    static string Shortened(string? text) => text is null ? "" : text.Length > 100 ? text[..100] + "…" : text;

    JsonNode? Parse(string name, byte[] json)
    {
        try
        {
            return JsonNode.Parse(StrictUtf8.GetString(json), documentOptions: new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false });
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            throw Refusal($"'{name}' is no JSON ({e.Message})", e);
        }
    }

    byte[] Document(FileSlice content, string name)
    {
        if (content.Length > LargestDocument)
            throw Refusal($"'{name}' has {content.Length} bytes, and no manifest or configuration may have more than {LargestDocument}");
        var bytes = new byte[content.Length];
        content.ReadExactly(bytes);
        return bytes;
    }

    void ReadEntries()
    {
        using var reader = new TarReader(_file, leaveOpen: true);
        var count = 0;
        while (reader.GetNextEntry() is { } entry)
        {
            if (++count > MostEntries)
                throw Refusal($"it has more than {MostEntries} entries");
            if (entry.EntryType is TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes)
                continue;
            if (!TarNames.IsInside(entry.Name))
                throw Refusal($"the name '{Shortened(entry.Name)}' leads out of it");
            var name = TarNames.Plain(entry.Name);
            switch (entry.EntryType)
            {
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                    if (entry.Length > 0 && (entry.DataOffset < 0 || entry.DataOffset + entry.Length > _file.Length))
                        throw Refusal($"'{Shortened(name)}' ends behind the end of it");
                    // The .NET SDK writes a layer that two images share for each of them. Whatever a blob is, it must be what its name says.
                    if (!_files.TryAdd(name, (Math.Max(0, entry.DataOffset), entry.Length)) && !name.StartsWith("blobs/", StringComparison.Ordinal))
                        throw Refusal($"it has '{Shortened(name)}' twice");
                    break;
                // Older Docker saves a layer that several images share once, and links to it.
                case TarEntryType.SymbolicLink when !entry.LinkName.StartsWith('/') && !TarNames.LeadsOut(name, entry.LinkName):
                    _links[name] = Resolved(name, entry.LinkName);
                    break;
                case TarEntryType.HardLink when TarNames.IsInside(entry.LinkName):
                    _links[name] = TarNames.Plain(entry.LinkName);
                    break;
                default:
                    throw Refusal($"'{Shortened(name)}' is no plain file in it");
            }
        }
    }

    static string Resolved(string link, string target)
    {
        var parts = link.Split('/')[..^1].ToList();
        foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(x => x != "."))
        {
            if (part == "..")
                parts.RemoveAt(parts.Count - 1);
            else
                parts.Add(part);
        }

        return string.Join('/', parts);
    }
}
