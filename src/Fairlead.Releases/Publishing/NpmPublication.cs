using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// Publishes an npm package with the npm CLI. The token goes by a variable into a configuration file that only names it. On a build server that the registry
/// trusts, npm (from 11.5) gets a token by itself.
/// </summary>
public sealed class NpmPublication : IPublication
{
    const string TokenVariable = "FAIRLEAD_NPM_TOKEN";

    readonly AbsolutePath _file;
    readonly Uri _registry;
    readonly string? _token;
    readonly string? _digest;
    readonly IProcessRunner _processes;
    readonly AbsolutePath _temporary;
    readonly string _name;
    readonly string _version;

    /// <param name="file">A <c>.tgz</c>.</param>
    /// <param name="registry">The registry's address.</param>
    /// <param name="token">The token; a secret. Null for none, or where the registry trusts the build server.</param>
    /// <param name="processes">Starts npm.</param>
    /// <param name="temporary">A directory for files that nobody misses.</param>
    /// <param name="redactor">Is told the token.</param>
    /// <param name="digest">What the release says that the file is (<see cref="ReleaseArtifact.Digest"/>): other bytes are not published. Null when nobody says it.</param>
    /// <exception cref="UserErrorException">The file is no npm package, or the registry's address is no https address.</exception>
    public NpmPublication(AbsolutePath file, string registry, string? token, IProcessRunner processes, AbsolutePath temporary, Redactor redactor, string? digest = null)
    {
        redactor.Add(token);
        if (!Uri.TryCreate(registry.TrimEnd('/') + "/", UriKind.Absolute, out var uri) || !RetryingHttp.IsSafe(uri) || uri.UserInfo.Length > 0)
            throw new UserErrorException($"'{Git.WithoutCredentials(registry)}' is no https address of an npm registry.", "Give it without credentials; the token is a parameter of its own.");
        (_file, _registry, _token, _processes, _temporary, _digest) = (file, uri, token, processes, temporary, digest);
        (_name, _version) = Read(file);
    }

    /// <inheritdoc/>
    public string Name => $"{_name} {_version}";

    /// <inheritdoc/>
    public string Destination => _registry.AbsoluteUri;

    /// <summary>
    /// The tag under which npm finds it: <c>latest</c> for releases, for pre-releases the first word behind the dash, and <c>next</c> when that is a number, which npm refuses.
    /// </summary>
    public string DistributionTag => _version.Split('+')[0].Split('-', 2) is [_, var pre]
        ? pre.Split('.')[0] is var word && !word.All(char.IsAsciiDigit) && !char.IsAsciiDigit(word[0]) ? word : "next"
        : "latest";

    /// <inheritdoc/>
    public async Task<PublicationState> LookAsync(CancellationToken cancellationToken)
    {
        var result = await RunAsync(_ => ["view", $"{_name}@{_version}", "dist", "--json"], cancellationToken);
        var text = result.StandardOutput;
        if (result.ExitCode != 0)
        {
            return $"{text}{result.StandardError}".Contains("E404", StringComparison.Ordinal)
                ? new PublicationState(PublicationStatus.Missing)
                : throw new UserErrorException($"npm could not ask {Destination} for {Name}: {LastLines(result)}", "Check the address and the token.");
        }

        // A package that is there, but not in this version, is told by no output.
        if (text.Length == 0)
            return new PublicationState(PublicationStatus.Missing);
        string? there = null;
        try
        {
            there = ImageReader.Text(StrictJson.Object(text), "integrity");
        }
        catch (JsonException)
        {
            // It is there, and nothing is known of its content.
        }

        var own = await IntegrityAsync(cancellationToken);
        return there == own
            ? new PublicationState(PublicationStatus.AlreadyThere)
            : new PublicationState(PublicationStatus.Different, $"the release has {own}, there is {there ?? "one without a digest"}");
    }

    /// <inheritdoc/>
    public async Task<PublicationState> PublishAsync(CancellationToken cancellationToken)
    {
        var result = await RunAsync(x => ["publish", CheckedCopy(x), "--ignore-scripts", "--tag", DistributionTag], cancellationToken);
        var state = await LookAsync(cancellationToken);
        if (result.ExitCode == 0)
        {
            return state.Status switch
            {
                PublicationStatus.AlreadyThere => new PublicationState(PublicationStatus.Published, $"tag {DistributionTag}"),
                PublicationStatus.Different => throw new UserErrorException($"After publishing, {state}.", "Somebody may have published at the same time: compare, and make a new version."),
                _ => new PublicationState(PublicationStatus.Published, $"tag {DistributionTag}; npm says so, but {Destination} does not show it yet: look with './build.sh Publish --plan'"),
            };
        }

        return state.Status == PublicationStatus.AlreadyThere ? state : throw new UserErrorException(
            $"npm ended with exit code {result.ExitCode}: {LastLines(result)}",
            _token is null ? $"Set the variable {TokenVariable} to a token, or set up trusted publishing there (npm 11.5 or newer)." : "Check whether the token may publish this package.");
    }

    static string LastLines(ProcessResult result) => string.Join(' ', result.Lines.Select(x => x.Text.Trim()).Where(x => x.Length > 0).TakeLast(6));

    // npm gets bytes that nobody changes any more, and that are those of the release.
    AbsolutePath CheckedCopy(AbsolutePath directory)
    {
        var copy = directory / _file.Name;
        using var content = new CheckedFile(_file, _digest);
        using var target = new FileStream(copy, FileMode.CreateNew);
        content.CopyTo(target);
        return copy;
    }

    // A scope has a registry of its own in configuration, and in the package's publishConfig; only the command line stands above both.
    IEnumerable<string> Registry => _name.StartsWith('@') && _name.IndexOf('/', StringComparison.Ordinal) is var slash and > 1
        ? ["--registry", _registry.AbsoluteUri, $"--{_name[..slash]}:registry={_registry.AbsoluteUri}"]
        : ["--registry", _registry.AbsoluteUri];

    async Task<ProcessResult> RunAsync(Func<AbsolutePath, IEnumerable<string>> arguments, CancellationToken cancellationToken)
    {
        var directory = _temporary / $"npm-{Guid.NewGuid():N}";
        try
        {
            var configuration = directory / "npmrc";
            var place = _registry.AbsoluteUri[(_registry.Scheme.Length + 1)..];
            AtomicFile.Write(configuration, _token is null ? "" : $"{place}:_authToken=${{{TokenVariable}}}\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
            var command = ToolCommand.Of("npm", [.. arguments(directory), .. Registry, "--userconfig", configuration, "--no-update-notifier", "--no-fund", "--no-audit", "--loglevel", "error"]) with
            {
                WorkingDirectory = directory,
                Timeout = TimeSpan.FromMinutes(10),
                SuccessExitCodes = [],
                Secrets = _token is null ? [] : [_token],
            };
            return await _processes.RunAsync(_token is null ? command : command.WithEnvironment(TokenVariable, _token), cancellationToken: cancellationToken);
        }
        finally
        {
            directory.DeleteDirectory();
        }
    }

    async Task<string> IntegrityAsync(CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(_file);
        return $"sha512-{Convert.ToBase64String(await SHA512.HashDataAsync(file, cancellationToken))}";
    }

    static (string Name, string Version) Read(AbsolutePath file)
    {
        const int LargestManifest = 4 << 20;
        try
        {
            using var gzip = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            using var tar = new TarReader(gzip);
            while (tar.GetNextEntry() is { } entry)
            {
                // The one directory at the top may have any name; npm itself calls it 'package'.
                if (entry.Name.Split('/') is not [_, "package.json"] || entry.DataStream is null || entry.Length > LargestManifest)
                    continue;
                var json = new byte[entry.Length];
                entry.DataStream.ReadExactly(json);
                var package = StrictJson.Object(json);
                if (ImageReader.Text(package, "name") is { Length: > 0 } name && name[0] != '-' && ImageReader.Text(package, "version") is { Length: > 0 } version)
                    return (name, version);
            }
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException or JsonException)
        {
            throw new UserErrorException($"'{file}' is no npm package: {e.Message}", "Pack it again.", e);
        }

        throw new UserErrorException($"'{file}' is no npm package: it holds no package.json with name and version.", "Pack it again.");
    }
}
