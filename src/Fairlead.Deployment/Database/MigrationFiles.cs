using System.Formats.Tar;
using System.IO.Compression;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>The files of a release's artifact, unpacked for one command and read-only; they go when it is over. The archive was verified with its release.</summary>
sealed class MigrationFiles : IDisposable
{
    readonly AbsolutePath _root;

    MigrationFiles(AbsolutePath root, AbsolutePath? directory) => (_root, Directory) = (root, directory);

    /// <summary>Where they are; null: there are none.</summary>
    public AbsolutePath? Directory { get; }

    /// <summary>Unpacks an artifact. What a command that was killed has left in the place goes first.</summary>
    /// <exception cref="UserErrorException">The archive is not there, or cannot be unpacked.</exception>
    public static async Task<MigrationFiles> UnpackAsync(AbsolutePath root, AbsolutePath? artifact, CancellationToken cancellationToken)
    {
        try
        {
            root.DeleteDirectory();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{root}', where migrations are unpacked, cannot be cleared: {exception.Message}", "Make sure that it belongs to this account.", exception);
        }

        if (artifact is null)
            return new MigrationFiles(root, null);
        if (!artifact.FileExists())
            throw new UserErrorException($"The artifact '{artifact}', which has the migrations, is not there.", "Package the release again, or fetch its artifacts.");
        var directory = root / "files";
        try
        {
            directory.CreateDirectory();
            await using var archive = new FileStream(artifact, FileMode.Open, FileAccess.Read, FileShare.Read);
            await using var unzipped = new GZipStream(archive, CompressionMode.Decompress);
            // Entries and links that lead out of the directory are refused by the framework.
            await TarFile.ExtractToDirectoryAsync(unzipped, directory, overwriteFiles: false, cancellationToken);
            if (!OperatingSystem.IsWindows())
            {
                const UnixFileMode Writable = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
                var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
                foreach (var entry in System.IO.Directory.EnumerateFileSystemEntries(directory, "*", options).Append(directory.ToString()).ToList())
                    File.SetUnixFileMode(entry, File.GetUnixFileMode(entry) & ~Writable);
            }

            return new MigrationFiles(root, directory);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException or FormatException)
        {
            TryDelete(root);
            throw new UserErrorException($"The artifact '{artifact}' cannot be unpacked as a tar.gz archive: {exception.Message}", $"Make sure that there is room in '{root}', or package the release again.", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => TryDelete(_root);

    /// <summary>What stays is taken away by the next command, which says so when it cannot.</summary>
    static void TryDelete(AbsolutePath root)
    {
        try
        {
            root.DeleteDirectory();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The command itself has ended, well or not; that is what counts.
        }
    }
}
