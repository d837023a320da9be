using System.Formats.Tar;
using System.IO.Compression;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>A layer that was written anew into a temporary file.</summary>
/// <param name="File">The compressed layer.</param>
/// <param name="Digest">Digest of the compressed bytes.</param>
/// <param name="DiffId">Digest of the uncompressed bytes.</param>
sealed record StableLayer(AbsolutePath File, string Digest, string DiffId)
{
    const long LargestLayer = 16L << 30;
    const int MostEntries = 1_000_000;

    /// <summary>Compresses a layer as it is.</summary>
    public static StableLayer Compress(SourceLayer layer, AbsolutePath file)
    {
        using var content = new HashingStream();
        NewFile.Write(file, target => StableGzip.Write(target, gzip => BoundedCopy.Run(layer.Content, content.Through(gzip), LargestLayer, "A layer of the image has")));
        Check(layer, content.Digest);
        return new StableLayer(file, Sha256.OfFile(file).Digest, content.Digest);
    }

    /// <summary>
    /// Writes a layer anew: entries in ordinal order (hard links last, behind what they link to), all with one time, without names of owners, permissions
    /// without the bits that one machine's umask or another's decide. Numbers of owners stay.
    /// </summary>
    /// <exception cref="UserErrorException">An entry or link leads out of the image, is a device, or the layer is too large.</exception>
    public static StableLayer Rewrite(SourceLayer layer, AbsolutePath file, DateTimeOffset time)
    {
        var unpacked = file + ".tar";
        try
        {
            Unpack(layer, unpacked);
            using var source = System.IO.File.OpenRead(unpacked);
            var entries = Entries(source);
            using var content = new HashingStream();
            NewFile.Write(file, target => StableGzip.Write(target, gzip =>
            {
                using var tar = new TarWriter(content.Through(gzip), TarEntryFormat.Gnu, leaveOpen: true);
                foreach (var (name, entry) in entries.OrderBy(x => x.Value.EntryType == TarEntryType.HardLink).ThenBy(x => x.Key, StringComparer.Ordinal))
                    Write(tar, name, entry, source, time);
            }));
            return new StableLayer(file, Sha256.OfFile(file).Digest, content.Digest);
        }
        finally
        {
            unpacked.DeleteFile();
        }
    }

    static void Unpack(SourceLayer layer, AbsolutePath unpacked)
    {
        if (layer.MediaType == OciMediaTypes.LayerZstd)
            throw new UserErrorException("The layer of the application is compressed with zstd, which this cannot read.", "Build the image with gzip, the default.");
        using var content = new HashingStream();
        using var target = System.IO.File.Create(unpacked.Parent.CreateDirectory() / unpacked.Name);
        using var source = layer.MediaType == OciMediaTypes.LayerGzip ? new GZipStream(layer.Content, CompressionMode.Decompress, leaveOpen: true) : (Stream)layer.Content;
        try
        {
            BoundedCopy.Run(source, content.Through(target), LargestLayer, "A layer of the image has");
        }
        catch (InvalidDataException e)
        {
            throw new UserErrorException($"A layer of the image is damaged: {e.Message}", "Build the image again.", e);
        }

        Check(layer, content.Digest);
    }

    static void Check(SourceLayer layer, string diffId)
    {
        if (diffId != layer.DiffId)
            throw new UserErrorException($"A layer of the image has the content {diffId}, and its configuration says {layer.DiffId}.", "Build the image again.");
    }

    static SortedList<string, TarEntry> Entries(FileStream source)
    {
        var entries = new SortedList<string, TarEntry>(StringComparer.Ordinal);
        try
        {
            using var reader = new TarReader(source, leaveOpen: true);
            while (reader.GetNextEntry() is { } entry)
            {
                if (entry.EntryType == TarEntryType.GlobalExtendedAttributes)
                    continue;
                var name = TarNames.Plain(entry.Name);
                if (!TarNames.IsInside(entry.Name.TrimStart('/')))
                    throw Refusal(entry, "leads out of the image");
                if (name.Length == 0)
                    continue;
                if (entry.EntryType == TarEntryType.SymbolicLink && TarNames.LeadsOut(name, entry.LinkName))
                    throw Refusal(entry, $"links to '{entry.LinkName}', out of the image");
                if (entry.EntryType == TarEntryType.HardLink && !TarNames.IsInside(entry.LinkName.TrimStart('/')))
                    throw Refusal(entry, $"links to '{entry.LinkName}', out of the image");
                if (entry.EntryType is not (TarEntryType.Directory or TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.SymbolicLink or TarEntryType.HardLink))
                    throw Refusal(entry, "is neither file nor directory nor link");
                // As everywhere in tar, the last entry of a name is the one that counts.
                entries[entry.EntryType == TarEntryType.Directory ? name + "/" : name] = entry;
                if (entries.Count > MostEntries)
                    throw Refusal(entry, $"is one of more than {MostEntries} entries");
            }
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException or ArgumentException)
        {
            throw new UserErrorException($"A layer of the image is damaged: {e.Message}", "Build the image again.", e);
        }

        return entries;
    }

    static UserErrorException Refusal(TarEntry entry, string why) =>
        new($"The image is refused: '{(entry.Name.Length > 200 ? entry.Name[..200] : entry.Name)}' in the application's layer {why}.", "Look at what the application publishes.");

    static void Write(TarWriter tar, string name, TarEntry entry, FileStream source, DateTimeOffset time)
    {
        var type = entry.EntryType == TarEntryType.V7RegularFile ? TarEntryType.RegularFile : entry.EntryType;
        var isOpen = type is TarEntryType.Directory or TarEntryType.SymbolicLink or TarEntryType.HardLink || (entry.Mode & PackedFiles.Executable & ~PackedFiles.Plain) != UnixFileMode.None;
        var written = TarGz.Entry(type, name, isOpen ? PackedFiles.Executable : PackedFiles.Plain, time);
        (written.Uid, written.Gid) = (entry.Uid, entry.Gid);
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            written.LinkName = entry.LinkName;
        if (type == TarEntryType.RegularFile)
        {
            var content = new FileSlice(source, Math.Max(0, entry.DataOffset), entry.Length);
            written.DataStream = StaticAssets.IsList(name, entry.Length) && Normalised(name, content, time) is { } changed ? new MemoryStream(changed) : content;
        }

        tar.WriteEntry(written);
    }

    static byte[]? Normalised(string name, FileSlice content, DateTimeOffset time)
    {
        var bytes = new byte[content.Length];
        content.ReadExactly(bytes);
        content.Position = 0;
        return StaticAssets.Normalise(name, bytes, time);
    }
}
