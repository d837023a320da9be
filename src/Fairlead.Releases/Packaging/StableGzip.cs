using System.IO.Compression;

namespace Fairlead.Releases;

/// <summary>gzip whose header tells neither time nor name nor operating system.</summary>
static class StableGzip
{
    // No time, no name, fastest or best not told, operating system unknown (RFC 1952, section 2.3).
    static readonly byte[] Header = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];

    /// <summary>Compresses what <paramref name="write"/> writes into an empty, seekable stream.</summary>
    public static void Write(Stream target, Action<Stream> write)
    {
        var start = target.Position;
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
            write(gzip);
        var end = target.Position;
        if (end == start)
        {
            // The framework writes nothing at all for no content, and that is no gzip file.
            target.Write(Header);
            target.Write([3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            return;
        }

        // The runtime writes into the header which operating system it ran on.
        target.Position = start;
        target.Write(Header);
        target.Position = end;
    }
}
