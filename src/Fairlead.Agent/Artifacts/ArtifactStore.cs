using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>Unpacked artifacts, by digest, read-only.</summary>
sealed class ArtifactStore(AbsolutePath root, TimeProvider time)
{
    /// <summary>So many artifacts that nothing runs from are kept, so that going back is quick.</summary>
    const int KeptUnused = 3;

    const string Algorithm = "sha256:";
    const UnixFileMode Writable = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    const UnixFileMode Directories = UnixFileMode.UserRead | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Where an artifact is, or will be.</summary>
    public AbsolutePath DirectoryOf(string digest) => root / Hash(digest);

    /// <summary>Unpacks an artifact unless it is there.</summary>
    /// <exception cref="UserErrorException">The file is missing, is not what the digest says, or holds what must not be unpacked.</exception>
    public async Task<AbsolutePath> UnpackAsync(AbsolutePath file, string digest, CancellationToken cancellationToken)
    {
        var target = DirectoryOf(digest);
        if (target.DirectoryExists())
        {
            Directory.SetLastWriteTimeUtc(target, time.GetUtcNow().UtcDateTime);
            return target;
        }

        if (!file.FileExists())
            throw new UserErrorException($"The artifact '{file}' is not there.", "Package the release again, or fetch its artifacts.");
        var temporary = root / $"{Guid.NewGuid():N}.tmp";
        temporary.CreateDirectory();
        try
        {
            await using (var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read))
            {
                // One open file for both: what is unpacked is what was checked.
                var actual = Algorithm + Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
                if (actual != Algorithm + Hash(digest))
                    throw new UserErrorException($"The artifact '{file}' is not the one of the release: its digest is {actual}, and should be {digest}.", "Fetch the release's artifacts again, and find out who changed this one.");
                stream.Position = 0;
                await ExtractAsync(stream, temporary, file, cancellationToken);
            }

            // All of it is on the disk before it gets its name: what has that name is trusted from then on, also after a power cut.
            MakeReadOnly(temporary);
            try
            {
                Directory.Move(temporary, target);
                File.SetUnixFileMode(target, Directories);
                AtomicFile.FlushDirectory(root);
            }
            catch (IOException) when (target.DirectoryExists())
            {
                // Somebody else was faster with the same content.
            }

            return target;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or FormatException)
        {
            throw new UserErrorException($"The artifact '{file}' cannot be unpacked as a tar.gz archive: {e.Message}", $"Make sure that there is room in '{root}', or package the release again.", e);
        }
        finally
        {
            temporary.DeleteDirectory();
        }
    }

    /// <summary>Deletes what nothing runs from, but for the last few.</summary>
    public void Prune(IReadOnlySet<string> digestsInUse)
    {
        var used = digestsInUse.Select(Hash).ToHashSet(StringComparer.Ordinal);
        foreach (var unused in root.GetDirectories().Where(x => !used.Contains(x.Name) && !x.HasExtension(".tmp"))
            .OrderByDescending(x => Directory.GetLastWriteTimeUtc(x)).Skip(KeptUnused))
        {
            unused.DeleteDirectory();
        }
    }

    /// <summary>Deletes everything.</summary>
    public void Clear() => root.DeleteDirectory();

    static string Hash(string digest)
    {
        var hash = digest.StartsWith(Algorithm, StringComparison.Ordinal) ? digest[Algorithm.Length..] : digest;
        return hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower)
            ? hash
            : throw new UserErrorException($"'{digest}' is not a digest.", "A digest is 'sha256:' and 64 hexadecimal digits in lower case.");
    }

    static async Task ExtractAsync(Stream archive, AbsolutePath target, AbsolutePath file, CancellationToken cancellationToken)
    {
        await using var unzipped = new GZipStream(archive, CompressionMode.Decompress);
        await using var reader = new TarReader(unzipped);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            switch (entry.EntryType)
            {
                case TarEntryType.Directory or TarEntryType.DirectoryList:
                    Directory.CreateDirectory(PlaceOf(entry));
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                    var place = PlaceOf(entry);
                    Directory.CreateDirectory(place.Parent);
                    await WriteAsync(entry, place, cancellationToken);
                    break;
                case TarEntryType.SymbolicLink when StaysInside(entry):
                    var link = PlaceOf(entry);
                    Directory.CreateDirectory(link.Parent);
                    File.CreateSymbolicLink(link, entry.LinkName);
                    break;
                case TarEntryType.GlobalExtendedAttributes:
                    break;
                default:
                    throw Refused(entry, $"it is a {entry.EntryType}{(entry.LinkName.Length > 0 ? $" to '{entry.LinkName}'" : "")}");
            }
        }

        AbsolutePath PlaceOf(TarEntry entry)
        {
            var parts = Parts(entry.Name);
            if (entry.Name.StartsWith('/') || parts.Contains("..", StringComparer.Ordinal))
                throw Refused(entry, "it would be outside of the archive's directory");
            var place = target;
            foreach (var part in parts)
            {
                // Nothing is written through a link that the archive itself brought.
                if (new FileInfo(place).LinkTarget is not null)
                    throw Refused(entry, "its path leads through a link");
                place /= part;
            }

            return place;
        }

        // By induction: links are made in real directories only, go up only at their beginning, and no further than the archive's directory.
        static bool StaysInside(TarEntry entry)
        {
            var up = Parts(entry.LinkName).TakeWhile(x => x == "..").Count();
            return entry.LinkName.Length > 0 && !entry.LinkName.StartsWith('/')
                && !Parts(entry.LinkName).Skip(up).Contains("..", StringComparer.Ordinal)
                && up < Parts(entry.Name).Length;
        }

        UserErrorException Refused(TarEntry entry, string reason) =>
            new($"The artifact '{file}' holds the entry '{entry.Name}', which is not unpacked: {reason}.", "Package the release from a plain directory of files.");
    }

    static string[] Parts(string path) => [.. path.Split('/').Where(x => x is not ("" or "."))];

    static async Task WriteAsync(TarEntry entry, AbsolutePath place, CancellationToken cancellationToken)
    {
        // Only what makes a program a program is taken over from the archive.
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        var options = new FileStreamOptions
        {
            // An entry that comes twice, or stands where a link is, is refused.
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = Plain | (entry.Mode & Execute),
        };
        await using var stream = new FileStream(place, options);
        if (entry.DataStream is not null)
            await entry.DataStream.CopyToAsync(stream, cancellationToken);
        stream.Flush(flushToDisk: true);
    }

    static void MakeReadOnly(AbsolutePath directory)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var file in Directory.EnumerateFiles(directory, "*", options))
            File.SetUnixFileMode(file, File.GetUnixFileMode(file) & ~Writable);
        // The top stays writable until it has been renamed.
        foreach (var inner in Directory.EnumerateDirectories(directory, "*", options).ToList())
        {
            File.SetUnixFileMode(inner, Directories);
            AtomicFile.FlushDirectory(AbsolutePath.Create(inner));
        }

        AtomicFile.FlushDirectory(directory);
    }
}
