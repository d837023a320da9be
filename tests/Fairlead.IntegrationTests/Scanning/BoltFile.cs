using System.Buffers.Binary;
using System.Text;

namespace Fairlead.IntegrationTests.Scanning;

/// <summary>
/// Writes a database file of bbolt (file format version 2): two meta pages, an empty list of free pages, and one leaf page with everything. Buckets are inline: the value of
/// their key is a bucket header without a page and then the leaf page itself.
/// </summary>
static class BoltFile
{
    const int PageSize = 4096;
    const int HeaderSize = 16;
    const int ElementSize = 16;
    const ushort Leaf = 2;
    const ushort Meta = 4;
    const ushort FreeList = 16;

    /// <summary>A bucket: its values are texts or buckets again.</summary>
    public sealed class Bucket : SortedDictionary<string, object>
    {
        public Bucket()
            : base(StringComparer.Ordinal)
        {
        }
    }

    public static byte[] Write(Bucket root)
    {
        var body = Elements(root);
        var pages = (HeaderSize + body.Length + PageSize - 1) / PageSize;
        var file = new byte[(3 + pages) * PageSize];
        for (var i = 0; i < 2; i++)
        {
            var page = file.AsSpan(i * PageSize);
            Header(page, (ulong)i, Meta, 0, 0);
            var meta = page[HeaderSize..];
            BinaryPrimitives.WriteUInt32LittleEndian(meta, 0xED0CDAED);
            BinaryPrimitives.WriteUInt32LittleEndian(meta[4..], 2);
            BinaryPrimitives.WriteUInt32LittleEndian(meta[8..], PageSize);
            BinaryPrimitives.WriteUInt64LittleEndian(meta[16..], 3);
            BinaryPrimitives.WriteUInt64LittleEndian(meta[32..], 2);
            BinaryPrimitives.WriteUInt64LittleEndian(meta[40..], (ulong)(3 + pages));
            BinaryPrimitives.WriteUInt64LittleEndian(meta[48..], (ulong)i);
            BinaryPrimitives.WriteUInt64LittleEndian(meta[56..], Fnv1a(meta[..56]));
        }

        Header(file.AsSpan(2 * PageSize), 2, FreeList, 0, 0);
        Header(file.AsSpan(3 * PageSize), 3, Leaf, root.Count, pages - 1);
        body.CopyTo(file, (3 * PageSize) + HeaderSize);
        return file;
    }

    static byte[] Elements(Bucket bucket)
    {
        var elements = new byte[bucket.Count * ElementSize];
        using var data = new MemoryStream();
        var index = 0;
        foreach (var (name, content) in bucket)
        {
            var key = Encoding.UTF8.GetBytes(name);
            var value = content is Bucket inner ? Inline(inner) : Encoding.UTF8.GetBytes((string)content);
            var element = elements.AsSpan(index * ElementSize);
            BinaryPrimitives.WriteUInt32LittleEndian(element, content is Bucket ? 1u : 0u);
            // Counted from the element itself.
            BinaryPrimitives.WriteUInt32LittleEndian(element[4..], (uint)(elements.Length - (index * ElementSize) + data.Length));
            BinaryPrimitives.WriteUInt32LittleEndian(element[8..], (uint)key.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(element[12..], (uint)value.Length);
            data.Write(key);
            data.Write(value);
            index++;
        }

        return [.. elements, .. data.ToArray()];
    }

    static byte[] Inline(Bucket bucket)
    {
        var page = new byte[HeaderSize];
        Header(page, 0, Leaf, bucket.Count, 0);
        return [.. new byte[16], .. page, .. Elements(bucket)];
    }

    static void Header(Span<byte> page, ulong id, ushort kind, int count, int overflow)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(page, id);
        BinaryPrimitives.WriteUInt16LittleEndian(page[8..], kind);
        BinaryPrimitives.WriteUInt16LittleEndian(page[10..], (ushort)count);
        BinaryPrimitives.WriteUInt32LittleEndian(page[12..], (uint)overflow);
    }

    static ulong Fnv1a(ReadOnlySpan<byte> bytes)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var x in bytes)
            hash = (hash ^ x) * 0x100000001b3;
        return hash;
    }
}
