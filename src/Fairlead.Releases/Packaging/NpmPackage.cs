using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>Makes the bytes of an npm package depend on its contents alone.</summary>
public static class NpmPackage
{
    const long LargestPackage = 4L << 30;

    /// <summary>What <c>npm pack</c> never takes, or only where a package says so.</summary>
    static readonly string[] LeftOut = [".git", "node_modules"];

    /// <summary>
    /// Copies a package's directory to another place and gives the copy the release's version, so that the work tree stays as it is. Dependencies
    /// that are installed there come along only when the package bundles some. Links are left out, as npm leaves them out: what they lead to is not the package's.
    /// </summary>
    /// <param name="directory">The directory of <c>package.json</c>.</param>
    /// <param name="copy">Where the copy goes; it is emptied.</param>
    /// <param name="version">The version of the release.</param>
    /// <returns>The package's name.</returns>
    /// <exception cref="UserErrorException">There is no such file, it is no JSON object, has no name, or says that it is private.</exception>
    public static string Prepare(AbsolutePath directory, AbsolutePath copy, string version)
    {
        var file = directory / "package.json";
        if (!file.FileExists())
            throw new UserErrorException($"'{directory}' is no npm package: there is no package.json.");
        if (IsLink(file))
            throw new UserErrorException($"'{file}' is a link, and npm packs no links.", "Put a copy in its place.");
        var package = Read(file);
        if (package["name"] is not JsonValue value || !value.TryGetValue<string>(out var name) || name.Length == 0)
            throw new UserErrorException($"'{file}' has no name.", "Give it one: \"name\": \"my-package\"");
        if (package["private"] is JsonValue flag && flag.TryGetValue<bool>(out var isPrivate) && isPrivate)
            throw new UserErrorException($"'{file}' says \"private\": true, and npm publishes no private package.", "Remove that line, or leave the directory out of NpmDirectories.");

        var bundled = Bundled(package);
        foreach (var dependency in bundled.Where(x => IsLink(directory / "node_modules" / x)))
            throw new UserErrorException($"'{directory / "node_modules" / dependency}' is a link, and '{file}' bundles that package; files from outside are not packed.", "Install a copy (npm install --install-links), or do not bundle it.");

        copy.CreateOrCleanDirectory();
        foreach (var item in directory.GetFiles().Concat(directory.GetDirectories()).Where(x => !LeftOut.Contains(x.Name, StringComparer.Ordinal) || (bundled.Count > 0 && x.Name == "node_modules")))
        {
            if (item != copy && !item.Contains(copy))
                CopyWithoutLinks(item, copy / item.Name);
        }

        package["version"] = version;
        AtomicFile.Write(copy / "package.json", package.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n");
        return name;
    }

    /// <summary>Writes the package anew, in place: entries in order, one time, plain permissions, no owners.</summary>
    /// <param name="package">A <c>.tgz</c> that <c>npm pack</c> made.</param>
    /// <param name="time">The time of all entries: that of the commit.</param>
    /// <exception cref="UserErrorException">The file is no npm package, holds something else than files under one directory, or more than 4 GB.</exception>
    public static void Normalise(AbsolutePath package, DateTimeOffset time)
    {
        var unpacked = AbsolutePath.Create($"{package}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var source = File.OpenRead(package))
            using (var gzip = new GZipStream(source, CompressionMode.Decompress))
            using (var target = File.Create(unpacked))
                BoundedCopy.Run(gzip, target, LargestPackage, $"'{package}' holds");

            using var content = File.OpenRead(unpacked);
            using var reader = new TarReader(content);
            var entries = new SortedList<string, TarEntry>(StringComparer.Ordinal);
            while (reader.GetNextEntry() is { } entry)
            {
                if (entry.EntryType is TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes)
                    continue;
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || !TarNames.IsInside(entry.Name))
                    throw new UserErrorException($"'{package}' holds '{entry.Name}', which is no plain file inside the package.", "Leave it out: npm installs files only.");
                if (!entries.TryAdd(entry.Name, entry))
                    throw new UserErrorException($"'{package}' holds '{entry.Name}' twice.", "Pack it again.");
            }

            if (entries.Count == 0)
                throw new UserErrorException($"'{package}' is empty.", "Pack it again.");
            NewFile.Write(package, file => StableGzip.Write(file, gzip =>
            {
                using var tar = new TarWriter(gzip, TarEntryFormat.Gnu, leaveOpen: true);
                foreach (var (name, entry) in entries)
                {
                    var written = TarGz.Entry(TarEntryType.RegularFile, name, entry.Mode.HasFlag(UnixFileMode.UserExecute) ? PackedFiles.Executable : PackedFiles.Plain, time);
                    written.DataStream = new FileSlice(content, entry.DataOffset, entry.Length);
                    tar.WriteEntry(written);
                }
            }));
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException)
        {
            throw new UserErrorException($"'{package}' is no npm package: {e.Message}", "Pack it again.", e);
        }
        finally
        {
            unpacked.DeleteFile();
        }
    }

    static void CopyWithoutLinks(AbsolutePath source, AbsolutePath target)
    {
        if (IsLink(source))
            return;
        if (source.FileExists())
        {
            source.Copy(target);
            return;
        }

        target.CreateDirectory();
        foreach (var item in source.GetFiles().Concat(source.GetDirectories()))
            CopyWithoutLinks(item, target / item.Name);
    }

    static bool IsLink(AbsolutePath path) => new FileInfo(path).LinkTarget is not null;

    // A list of names, or true for all dependencies (npm, package.json, bundleDependencies).
    static IReadOnlyList<string> Bundled(JsonObject package) => (package["bundleDependencies"] ?? package["bundledDependencies"]) switch
    {
        JsonArray names => [.. names.OfType<JsonValue>().Select(x => x.TryGetValue<string>(out var text) ? text : "").Where(x => x.Length > 0 && TarNames.IsInside(x))],
        JsonValue value when value.TryGetValue<bool>(out var all) && all => [.. (package["dependencies"] as JsonObject ?? []).Select(x => x.Key).Where(x => x.Length > 0 && TarNames.IsInside(x))],
        _ => [],
    };

    static JsonObject Read(AbsolutePath file)
    {
        try
        {
            return StrictJson.Object(file.ReadAllText()) ?? throw new UserErrorException($"'{file}' is no JSON object.");
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"{new SourceLocation(file, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1)}: this is no JSON: {e.Message}", null, e);
        }
    }
}
