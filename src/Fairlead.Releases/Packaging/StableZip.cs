using System.Buffers.Binary;
using System.IO.Compression;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// Packs a directory into a <c>.zip</c> that depends on nothing but names, contents and the given time, as <see cref="TarGz"/> does it for <c>.tar.gz</c>.
/// </summary>
public static class StableZip
{
    const byte Unix = 3;

    // A zip file knows no time before (section 4.4.6 of the format's specification).
    static readonly DateTimeOffset Earliest = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Latest = new(2107, 12, 31, 23, 59, 58, TimeSpan.Zero);

    /// <summary>Packs; the archive appears whole or not at all, and replaces one of the same name.</summary>
    /// <param name="directory">What to pack: its files and directories, without itself.</param>
    /// <param name="archive">The file to write.</param>
    /// <param name="time">The time of all entries: that of the commit, in UTC. Zip files count in steps of two seconds from 1980.</param>
    /// <exception cref="UserErrorException">The directory is missing or has no file, or it contains a symbolic link.</exception>
    public static void Create(AbsolutePath directory, AbsolutePath archive, DateTimeOffset time)
    {
        var entries = PackedFiles.List(directory);
        NewFile.Write(archive, file => Write(file, time, zip =>
        {
            foreach (var (name, path) in entries)
            {
                if (name.EndsWith('/'))
                {
                    zip.Add(name, Stream.Null, PackedFiles.Executable);
                    continue;
                }

                using var content = File.OpenRead(path);
                zip.Add(name, content, PackedFiles.IsProgram(content) ? PackedFiles.Executable : PackedFiles.Plain);
            }
        }));
    }

    /// <summary>Writes a zip file, entry by entry, into an empty stream.</summary>
    internal static void Write(FileStream file, DateTimeOffset time, Action<Entries> write)
    {
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            write(new Entries(zip, TimeOf(time)));
        MarkAsUnix(file);
    }

    internal static DateTimeOffset TimeOf(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return utc < Earliest ? Earliest : utc > Latest ? Latest : DateTimeOffset.FromUnixTimeSeconds(utc.ToUnixTimeSeconds() / 2 * 2);
    }

    // The framework notes which kind of system it ran on, and readers take the permissions only from Unix. A file with more than 4 GB has its
    // directory elsewhere; it keeps the mark that it has, which differs between Windows and others only.
    static void MarkAsUnix(FileStream file)
    {
        const int EndLength = 22;
        const int HeaderLength = 46;
        Span<byte> end = stackalloc byte[EndLength];
        file.Position = file.Length - EndLength;
        file.ReadExactly(end);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        var position = (long)BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        if (count == ushort.MaxValue || position == uint.MaxValue)
            return;
        Span<byte> header = stackalloc byte[HeaderLength];
        for (var i = 0; i < count; i++)
        {
            file.Position = position;
            file.ReadExactly(header);
            file.Position = position + 5;
            file.WriteByte(Unix);
            position += HeaderLength + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[30..])
                + BinaryPrimitives.ReadUInt16LittleEndian(header[32..]);
        }

        file.Position = file.Length;
    }

    /// <summary>A zip file that is being written.</summary>
    internal sealed class Entries(ZipArchive zip, DateTimeOffset time)
    {
        const int RegularFile = 0x8000;
        const int Directory = 0x4000;

        /// <summary>Adds an entry; a name that ends with a slash is a directory.</summary>
        public void Add(string name, Stream content, UnixFileMode mode)
        {
            var isDirectory = name.EndsWith('/');
            var entry = zip.CreateEntry(name, isDirectory ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
            entry.LastWriteTime = time;
            entry.ExternalAttributes = (((isDirectory ? Directory : RegularFile) | (int)mode) << 16) | (isDirectory ? 0x10 : 0);
            if (isDirectory)
                return;
            using var stream = entry.Open();
            content.CopyTo(stream);
        }
    }
}
