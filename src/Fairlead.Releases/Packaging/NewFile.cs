using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>Writes large files whole or not at all, as <see cref="AtomicFile"/> does it for what fits into memory.</summary>
static class NewFile
{
    /// <summary>Lets <paramref name="write"/> fill a temporary file beside the target, flushes it and renames it over the target.</summary>
    public static void Write(AbsolutePath target, Action<FileStream> write)
    {
        target.Parent.CreateDirectory();
        var temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
            AtomicFile.FlushDirectory(target.Parent);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
