using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
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
    readonly bool _provenance;
    readonly IProcessRunner _processes;
    readonly AbsolutePath _temporary;
    readonly string _name;
    readonly string _version;

    /// <param name="file">A <c>.tgz</c>.</param>
    /// <param name="registry">The registry's address.</param>
    /// <param name="token">The token; a secret. Null for none, or where the registry trusts the build server.</param>
    /// <param name="provenance">Whether npm says publicly how the package was built, which it can on a build server.</param>
    /// <param name="processes">Starts npm.</param>
    /// <param name="temporary">A directory for files that nobody misses.</param>
    /// <param name="redactor">Is told the token.</param>
    /// <exception cref="UserErrorException">The file is no npm package, or the registry's address is no https address.</exception>
    public NpmPublication(AbsolutePath file, string registry, string? token, bool provenance, IProcessRunner processes, AbsolutePath temporary, Redactor redactor)
    {
        redactor.Add(token);
        if (!Uri.TryCreate(registry.TrimEnd('/') + "/", UriKind.Absolute, out var uri) || !RetryingHttp.IsSafe(uri) || uri.UserInfo.Length > 0)
            throw new UserErrorException($"'{Git.WithoutCredentials(registry)}' is no https address of an npm registry.", "Give it without credentials; the token is a parameter of its own.");
        (_file, _registry, _token, _provenance, _processes, _temporary) = (file, uri, token, provenance, processes, temporary);
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
        var result = await RunAsync(["view", $"{_name}@{_version}", "dist", "--json"], cancellationToken);
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
            there = ImageReader.Text(JsonNode.Parse(text) as JsonObject, "integrity");
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
        string[] provenance = _provenance ? ["--provenance"] : [];
        var result = await RunAsync(["publish", _file, "--ignore-scripts", "--tag", DistributionTag, .. provenance], cancellationToken);
        if (result.ExitCode == 0)
            return new PublicationState(PublicationStatus.Published, $"tag {DistributionTag}");
        var state = await LookAsync(cancellationToken);
        return state.Status == PublicationStatus.AlreadyThere ? state : throw new UserErrorException(
            $"npm ended with exit code {result.ExitCode}: {LastLines(result)}",
            _token is null ? "Give the secret '--npm-token', or set up trusted publishing there (npm 11.5 or newer)." : "Check whether the token may publish this package.");
    }

    static string LastLines(ProcessResult result) => string.Join(' ', result.Lines.Select(x => x.Text.Trim()).Where(x => x.Length > 0).TakeLast(6));

    async Task<ProcessResult> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var directory = _temporary / $"npm-{Guid.NewGuid():N}";
        try
        {
            var configuration = directory / "npmrc";
            var place = _registry.AbsoluteUri[(_registry.Scheme.Length + 1)..];
            AtomicFile.Write(configuration, _token is null ? "" : $"{place}:_authToken=${{{TokenVariable}}}\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
            var command = ToolCommand.Of("npm", [.. arguments, "--registry", _registry.AbsoluteUri, "--userconfig", configuration, "--no-update-notifier", "--no-fund", "--no-audit", "--loglevel", "error"]) with
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
                var package = JsonNode.Parse(entry.DataStream) as JsonObject;
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
