using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>What goes into an archive of a directory, in which order and with which permissions: the same on every machine.</summary>
static class PackedFiles
{
    public const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    public const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The entries of a directory in ordinal order; names of directories end with a slash.</summary>
    /// <exception cref="UserErrorException">The directory is missing or has no file, or it contains a symbolic link.</exception>
    public static List<(string Name, AbsolutePath Path)> List(AbsolutePath directory)
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

    /// <summary>
    /// Whether a file is a program, by content, because not every file system knows the permission, and publishing on Windows would give another archive.
    /// The stream is read from its beginning and left there.
    /// </summary>
    public static bool IsProgram(FileStream content)
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
