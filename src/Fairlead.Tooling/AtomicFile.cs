using System.Runtime.InteropServices;
using System.Text;

namespace Fairlead.Tooling;

/// <summary>Writes files that matter: whole or not at all, also when the machine stops half-way.</summary>
public static class AtomicFile
{
    static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes to a temporary file beside the target, flushes it to the disk and renames it over the target.</summary>
    /// <param name="path">The file to write; its directory is made when missing.</param>
    /// <param name="content">All of the content.</param>
    /// <param name="mode">Unix permissions of the file; by default what the umask gives.</param>
    public static void Write(AbsolutePath path, ReadOnlySpan<byte> content, UnixFileMode? mode = null)
    {
        Directory.CreateDirectory(path.Parent);
        var temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (mode is not null && !OperatingSystem.IsWindows())
                options.UnixCreateMode = mode;
            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            FlushDirectory(path.Parent);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <inheritdoc cref="Write(AbsolutePath, ReadOnlySpan{byte}, UnixFileMode?)"/>
    public static void Write(AbsolutePath path, string content, UnixFileMode? mode = null) => Write(path, Utf8.GetBytes(content), mode);

    /// <summary>Makes a rename or a new file in a directory survive a power cut. Does nothing where directories cannot be opened (Windows).</summary>
    public static void FlushDirectory(AbsolutePath directory)
    {
        if (OperatingSystem.IsWindows())
            return;
        // The framework opens no directories, so this goes to the system.
        var descriptor = open(directory, CloseOnExec);
        if (descriptor < 0)
            return;
        _ = fsync(descriptor);
        _ = close(descriptor);
    }

#pragma warning disable CA5392, SYSLIB1054, CA2101 // libc is found by the loader; UTF-8 is what its paths are
    [DllImport("libc", CharSet = CharSet.Ansi)]
    static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc")]
    static extern int fsync(int descriptor);

    [DllImport("libc")]
    static extern int close(int descriptor);
#pragma warning restore CA5392, SYSLIB1054, CA2101
}
