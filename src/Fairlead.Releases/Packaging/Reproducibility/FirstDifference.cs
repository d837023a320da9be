using System.Formats.Tar;
using System.IO.Compression;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>Says where two files differ first: in archives by entry.</summary>
static class FirstDifference
{
    /// <summary>Of two files whose digests differ.</summary>
    public static string Of(AbsolutePath first, AbsolutePath second)
    {
        try
        {
            if (first.Name.EndsWith(".oci.tar", StringComparison.OrdinalIgnoreCase))
                return OfImages(first, second);
            using var a = File.OpenRead(first);
            using var b = File.OpenRead(second);
            var inside = first.Extension.ToLowerInvariant() switch
            {
                ".nupkg" or ".snupkg" or ".zip" => OfZips(a, b),
                ".gz" or ".tgz" => OfTars(new GZipStream(a, CompressionMode.Decompress, leaveOpen: true), new GZipStream(b, CompressionMode.Decompress, leaveOpen: true)),
                ".tar" => OfTars(a, b),
                _ => null,
            };
            (a.Position, b.Position) = (0, 0);
            return inside ?? Position(a, b) ?? "nothing";
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException or UserErrorException)
        {
            return $"one of them cannot be read: {e.Message}";
        }
    }

    static string? OfZips(Stream first, Stream second)
    {
        using var a = new ZipArchive(first, ZipArchiveMode.Read, leaveOpen: true);
        using var b = new ZipArchive(second, ZipArchiveMode.Read, leaveOpen: true);
        return OfEntries(Entries(a), Entries(b));

        static IEnumerable<Entry> Entries(ZipArchive zip) => zip.Entries.Select(x => new Entry(x.FullName, x.Length, $"{x.LastWriteTime:yyyy-MM-dd HH:mm:ss}", $"{x.ExternalAttributes:x8}", x.Open));
    }

    static string? OfTars(Stream first, Stream second)
    {
        using var a = new TarReader(first, leaveOpen: true);
        using var b = new TarReader(second, leaveOpen: true);
        return OfEntries(Entries(a), Entries(b));

        static IEnumerable<Entry> Entries(TarReader tar)
        {
            while (tar.GetNextEntry() is { } entry)
                yield return new Entry(entry.Name, entry.Length, $"{entry.ModificationTime:yyyy-MM-dd HH:mm:ss}", $"{Convert.ToString((int)entry.Mode, 8)} {entry.Uid}:{entry.Gid} {entry.LinkName}".TrimEnd(), () => entry.DataStream ?? Stream.Null);
        }
    }

    static string OfImages(AbsolutePath first, AbsolutePath second)
    {
        using var a = OciLayout.Open(first);
        using var b = OciLayout.Open(second);
        // A configuration names its layers, so it differs with them; a layer says more.
        var pairs = a.Blobs.Zip(b.Blobs).Where(x => x.First != x.Second).Select(x => (x.First, x.Second, IsLayer: IsGzip(a.OpenBlob(x.First)))).OrderByDescending(x => x.IsLayer);
        foreach (var (one, other, isLayer) in pairs)
        {
            var (left, right) = (a.OpenBlob(one), b.OpenBlob(other));
            var inside = isLayer ? OfTars(new GZipStream(left, CompressionMode.Decompress), new GZipStream(right, CompressionMode.Decompress)) : null;
            (left.Position, right.Position) = (0, 0);
            return $"{(isLayer ? "a layer" : "a configuration")} ({one[..19]}… and {other[..19]}…): {inside ?? Position(left, right)}";
        }

        return a.Blobs.Length == b.Blobs.Length ? $"the manifests ({a.Root.Digest[..19]}… and {b.Root.Digest[..19]}…)" : $"one image has {a.Blobs.Length} parts, the other {b.Blobs.Length}";
    }

    static bool IsGzip(Stream content) => content.ReadByte() == 0x1F;

    static string? OfEntries(IEnumerable<Entry> first, IEnumerable<Entry> second)
    {
        using var a = first.GetEnumerator();
        using var b = second.GetEnumerator();
        while (true)
        {
            var (hasOne, hasOther) = (a.MoveNext(), b.MoveNext());
            if (!hasOne && !hasOther)
                return null;
            if (!hasOne || !hasOther)
                return $"'{(hasOne ? a : b).Current.Name}' is only in the {(hasOne ? "first" : "second")}";
            var (x, y) = (a.Current, b.Current);
            if (x.Name != y.Name)
                return $"'{x.Name}' stands where the other has '{y.Name}'";
            using var left = x.Open();
            using var right = y.Open();
            // What is in it tells more than its time, and more often.
            if (Position(left, right) is { } position)
                return $"'{x.Name}' ({x.Size} and {y.Size} bytes): {position}";
            if (x.Time != y.Time)
                return $"'{x.Name}': time {x.Time} and {y.Time}";
            if (x.Attributes != y.Attributes)
                return $"'{x.Name}': permissions or owner {x.Attributes} and {y.Attributes}";
        }
    }

    /// <summary>The first byte that differs, or null.</summary>
    static string? Position(Stream first, Stream second)
    {
        var (a, b) = (new byte[1 << 16], new byte[1 << 16]);
        for (var offset = 0L; ;)
        {
            var (one, other) = (first.ReadAtLeast(a, a.Length, throwOnEndOfStream: false), second.ReadAtLeast(b, b.Length, throwOnEndOfStream: false));
            var common = a.AsSpan(0, one).CommonPrefixLength(b.AsSpan(0, other));
            if (common < one || common < other)
                return common < one && common < other ? $"byte {offset + common} is {a[common]:x2} and {b[common]:x2}" : $"one ends at byte {offset + common}";
            if (one < a.Length)
                return null;
            offset += one;
        }
    }

    sealed record Entry(string Name, long Size, string Time, string Attributes, Func<Stream> Open);
}
