using System.Formats.Tar;
using System.IO.Compression;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// Packs a directory into a <c>.tar.gz</c> that depends on nothing but names, contents and the given time: not on the order in which the
/// disk lists files, nor on their times, owners and permissions. The same bytes come out on every machine with the same .NET runtime.
/// </summary>
public static class TarGz
{
    const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    // No time, no name, fastest or best not told, operating system unknown (RFC 1952, section 2.3).
    static readonly byte[] Header = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];

    /// <summary>Packs; the archive appears whole or not at all, and replaces one of the same name.</summary>
    /// <param name="directory">What to pack: its files and directories, without itself.</param>
    /// <param name="archive">The file to write.</param>
    /// <param name="time">The time of all entries: that of the commit. Fractions of a second are cut off.</param>
    /// <exception cref="UserErrorException">The directory is missing or has no file, or it contains a symbolic link.</exception>
    public static void Create(AbsolutePath directory, AbsolutePath archive, DateTimeOffset time)
    {
        var entries = List(directory);
        var temporary = $"{archive}.{Guid.NewGuid():N}.tmp";
        archive.Parent.CreateDirectory();
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                using (var gzip = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true))
                using (var tar = new TarWriter(gzip, TarEntryFormat.Gnu))
                {
                    foreach (var (name, path) in entries)
                        Write(tar, name, path, DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds()));
                }

                // The runtime writes into the header which operating system it ran on.
                file.Position = 0;
                file.Write(Header);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, archive, overwrite: true);
            AtomicFile.FlushDirectory(archive.Parent);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    static List<(string Name, AbsolutePath Path)> List(AbsolutePath directory)
    {
        if (!directory.DirectoryExists())
            throw new UserErrorException($"There is nothing to pack: the directory '{directory}' does not exist.");
        var entries = new SortedList<string, AbsolutePath>(StringComparer.Ordinal);
        var files = 0;
        var open = new Stack<DirectoryInfo>([new DirectoryInfo(directory)]);
        while (open.TryPop(out var current))
        {
            foreach (var item in current.EnumerateFileSystemInfos())
            {
                var path = AbsolutePath.Create(item.FullName);
                if (item.LinkTarget is { } target)
                {
                    throw new UserErrorException(
                        $"'{path}' is a link (to '{target}'); an archive holds files only, because a link may lead out of it.",
                        "Publish a copy of the file instead of the link.");
                }

                var name = directory.GetUnixRelativePathTo(path);
                if (item is DirectoryInfo below)
                {
                    open.Push(below);
                    entries.Add(name + "/", path);
                }
                else
                {
                    files++;
                    entries.Add(name, path);
                }
            }
        }

        return files > 0
            ? [.. entries.Select(x => (x.Key, x.Value))]
            : throw new UserErrorException($"There is nothing to pack: the directory '{directory}' holds no file.");
    }

    static void Write(TarWriter tar, string name, AbsolutePath path, DateTimeOffset time)
    {
        var isDirectory = name.EndsWith('/');
        using var content = isDirectory ? null : File.OpenRead(path);
        var entry = new GnuTarEntry(isDirectory ? TarEntryType.Directory : TarEntryType.RegularFile, name)
        {
            // An entry that is given no access and change time gets those of this moment.
            ModificationTime = time,
            AccessTime = time,
            ChangeTime = time,
            Mode = content is null || IsProgram(content) ? Executable : Plain,
        };
        if (content is not null)
            entry.DataStream = content;
        tar.WriteEntry(entry);
    }

    // By content, because not every file system knows the permission, and publishing on Windows would give another archive.
    static bool IsProgram(FileStream content)
    {
        Span<byte> start = stackalloc byte[4];
        var read = content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        content.Position = 0;
        return start[..read] switch
        {
            [(byte)'#', (byte)'!', ..] => true,
            [0x7F, (byte)'E', (byte)'L', (byte)'F'] => true,
            // Mach-O, 64 bits.
            [0xCF, 0xFA, 0xED, 0xFE] => true,
            _ => false,
        };
    }
}
