using System.Formats.Tar;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// Packs a directory into a <c>.tar.gz</c> that depends on nothing but names, contents and the given time: not on the order in which the
/// disk lists files, nor on their times, owners and permissions. The same bytes come out on every machine with the same .NET runtime.
/// </summary>
public static class TarGz
{
    /// <summary>Packs; the archive appears whole or not at all, and replaces one of the same name.</summary>
    /// <param name="directory">What to pack: its files and directories, without itself.</param>
    /// <param name="archive">The file to write.</param>
    /// <param name="time">The time of all entries: that of the commit. Fractions of a second are cut off.</param>
    /// <exception cref="UserErrorException">The directory is missing or has no file, or it contains a symbolic link.</exception>
    public static void Create(AbsolutePath directory, AbsolutePath archive, DateTimeOffset time)
    {
        var entries = PackedFiles.List(directory);
        NewFile.Write(archive, file => StableGzip.Write(file, gzip =>
        {
            using var tar = new TarWriter(gzip, TarEntryFormat.Gnu, leaveOpen: true);
            foreach (var (name, path) in entries)
                Write(tar, name, path, time);
        }));
    }

    /// <summary>An entry with one time for all its times, in whole seconds: one that is given no access and change time gets those of this moment.</summary>
    internal static GnuTarEntry Entry(TarEntryType type, string name, UnixFileMode mode, DateTimeOffset time)
    {
        var seconds = DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
        return new GnuTarEntry(type, name) { ModificationTime = seconds, AccessTime = seconds, ChangeTime = seconds, Mode = mode };
    }

    static void Write(TarWriter tar, string name, AbsolutePath path, DateTimeOffset time)
    {
        if (name.EndsWith('/'))
        {
            tar.WriteEntry(Entry(TarEntryType.Directory, name, PackedFiles.Executable, time));
            return;
        }

        using var content = File.OpenRead(path);
        var entry = Entry(TarEntryType.RegularFile, name, PackedFiles.IsProgram(content) ? PackedFiles.Executable : PackedFiles.Plain, time);
        entry.DataStream = content;
        tar.WriteEntry(entry);
    }
}
