using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// A NuGet feed by its service index (NuGet server API, version 3), or a directory of packages. Spoken to in process, because the client's own <c>push</c> takes
/// the key on its command line only, where everybody on the machine can read it.
/// </summary>
public sealed class NuGetFeed
{
    const int LargestDocument = 4 << 20;
    const long LargestPackage = 1L << 30;

    readonly RetryingHttp? _http;
    readonly string? _packages;
    readonly Uri? _publish;
    readonly Uri? _publishSymbols;
    FeedCredentials? _credentials;

    NuGetFeed(string name, AbsolutePath? directory, RetryingHttp? http, string? packages, Uri? publish, Uri? publishSymbols) =>
        (Name, Directory, _http, _packages, _publish, _publishSymbols) = (name, directory, http, packages, publish, publishSymbols);

    /// <summary>What the feed is called in messages.</summary>
    public string Name { get; }

    /// <summary>The directory, when the feed is one; otherwise null.</summary>
    public AbsolutePath? Directory { get; }

    /// <summary>Where packages are sent; null when the feed is a directory.</summary>
    public Uri? PublishEndpoint => _publish;

    /// <summary>Whether the feed takes symbol packages.</summary>
    public bool TakesSymbols => Directory is not null || _publishSymbols is not null;

    /// <summary>Opens a feed that everybody may read.</summary>
    /// <inheritdoc cref="OpenAsync(HttpClient, string, RegistryCredentials?, TimeProvider, CancellationToken)"/>
    public static Task<NuGetFeed> OpenAsync(HttpClient http, string source, TimeProvider time, CancellationToken cancellationToken) => OpenAsync(http, source, credentials: null, time, cancellationToken);

    /// <summary>Opens a feed.</summary>
    /// <param name="http">Sends, and follows no redirections by itself (<see cref="UploadClient"/>): the key would go along. Kept and not disposed.</param>
    /// <param name="source">Address of the service index, or a directory; see <see cref="NuGetSource"/> for names.</param>
    /// <param name="credentials">Who one is to a feed that wants a sign-in for reading, see <see cref="NuGetSource"/>; or null. Sent to the feed's own host only.</param>
    /// <param name="time">The clock for pauses between attempts.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="UserErrorException">There is no feed, or it takes no packages.</exception>
    public static async Task<NuGetFeed> OpenAsync(HttpClient http, string source, RegistryCredentials? credentials, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(source, UriKind.Absolute, out var index) || index.IsFile)
        {
            var directory = AbsolutePath.Create(index?.LocalPath ?? Path.GetFullPath(source));
            return directory.DirectoryExists()
                ? new NuGetFeed(directory, directory, null, null, null, null)
                : throw new UserErrorException($"'{source}' is neither the address of a NuGet feed nor a directory.", "Give the address of its service index, which ends in index.json as a rule, or the name of a configured source: dotnet nuget list source");
        }

        var name = Git.WithoutCredentials(source);
        if (!RetryingHttp.IsSafe(index))
            throw new UserErrorException($"The feed '{name}' is not reached by https, so nothing is sent to it.", "Give its https address.");
        var retrying = new RetryingHttp(http, time);
        var own = credentials is null ? null : new FeedCredentials(index.GetLeftPart(UriPartial.Authority), credentials.Basic);
        var document = await retrying.SendAsync(
            () => Get(index, own),
            async response => response.IsSuccessStatusCode ? await RetryingHttp.ReadBoundedAsync(response, LargestDocument, $"The feed '{name}'", cancellationToken)
                : throw new UserErrorException(
                    $"The feed '{name}' answered {await RetryingHttp.ExplainAsync(response, cancellationToken)}.",
                    response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) ? "Check its address."
                        : credentials is null ? "It wants a sign-in for reading: add user and password to the source, in clear text or by the variable NuGetPackageSourceCredentials_NAME, and give the source by its name."
                        : "Check user and password of the source in the NuGet configuration."),
            $"The feed '{name}'",
            cancellationToken);
        try
        {
            var resources = StrictJson.Object(document)?["resources"] as JsonArray ?? [];
            var publish = Find("PackagePublish/") ?? throw new UserErrorException($"The feed '{name}' takes no packages: its service index lists no PackagePublish.", "Give the feed that packages are pushed to.");
            return new NuGetFeed(name, null, retrying, Find("PackageBaseAddress/")?.AbsoluteUri.TrimEnd('/'), publish, Find("SymbolPackagePublish/")) { _credentials = own };

            Uri? Find(string type)
            {
                var text = resources.OfType<JsonObject>().Where(x => TypesOf(x["@type"]).Any(y => y.StartsWith(type, StringComparison.OrdinalIgnoreCase))).Select(x => ImageReader.Text(x, "@id")).FirstOrDefault();
                if (text is null)
                    return null;
                return Uri.TryCreate(index, text, out var uri) && RetryingHttp.IsSafe(uri) ? uri : throw new UserErrorException($"The feed '{name}' has an address without https: '{text}'.", "Ask who runs it.");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new UserErrorException($"The feed '{name}' did not answer with a service index: {e.Message}", "Give the address of its service index, which ends in index.json as a rule.", e);
        }
    }

    /// <summary>The package that is there under an id and a version.</summary>
    /// <returns>Whether there is one; null when the feed cannot tell. And its bytes, to be disposed.</returns>
    internal async Task<(bool? IsThere, Stream? Content)> FindAsync(NuGetPackageFile package, CancellationToken cancellationToken)
    {
        if (Directory is not null)
        {
            var file = FileOf(package, symbols: false);
            return file.FileExists() ? (true, File.OpenRead(file)) : (false, null);
        }

        if (_packages is null)
            return (null, null);
        var id = package.Id.ToLowerInvariant();
        var address = new Uri($"{_packages}/{id}/{package.Version}/{id}.{package.Version}.nupkg");
        return await _http!.SendAsync(() => Get(address, _credentials), x => ReadPackageAsync(x, package, cancellationToken), $"The feed '{Name}'", cancellationToken);
    }

    async Task<(bool? IsThere, Stream? Content)> ReadPackageAsync(HttpResponseMessage response, NuGetPackageFile package, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.NotFound)
            return (false, null);
        // One that shows packages only to those who have signed in says itself when it gets one twice.
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return (null, null);
        if (!response.IsSuccessStatusCode)
            throw new UserErrorException($"The feed '{Name}' answered {await RetryingHttp.ExplainAsync(response, cancellationToken)} when asked for {package.Id} {package.Version}.", "Run this again.");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var content = new FileStream(Path.Combine(Path.GetTempPath(), $"fairlead-{Guid.NewGuid():N}.nupkg"), options);
        try
        {
            await RetryingHttp.CopyBoundedAsync(response, content, LargestPackage, $"The feed '{Name}'", cancellationToken);
            content.Position = 0;
            return (true, content);
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a package, whose digest is compared on the way, if one is given.</summary>
    /// <returns>False when the feed has that id and version already.</returns>
    internal async Task<bool> PushAsync(AbsolutePath file, string? digest, NuGetPackageFile package, string? key, bool symbols, CancellationToken cancellationToken)
    {
        if (Directory is not null)
        {
            var target = FileOf(package, symbols);
            if (target.FileExists())
                return false;
            NewFile.Write(target, x =>
            {
                using var content = new CheckedFile(file, digest);
                content.CopyTo(x);
            });
            return true;
        }

        using var response = await _http!.SendAsync(() => Request(file, digest, key, (symbols ? _publishSymbols : _publish)!), $"The feed '{Name}'", cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.Conflict => false,
            HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted => true,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => throw new UserErrorException(
                $"The feed '{Name}' refuses {(key is null ? "one without a key" : "the key")}: {await RetryingHttp.ExplainAsync(response, cancellationToken)}.",
                key is null ? "Set the variable FAIRLEAD_NUGET_API_KEY to a key, or set up trusted publishing there." : "Check whether it has expired, and whether it is for this package."),
            _ => throw new UserErrorException($"The feed '{Name}' answered {await RetryingHttp.ExplainAsync(response, cancellationToken)}.", "Run this again; what is there already is left out."),
        };
    }

    static HttpRequestMessage Request(AbsolutePath file, string? digest, string? key, Uri endpoint)
    {
        var content = new StreamContent(new CheckedFile(file, digest));
        content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/octet-stream");
        var request = new HttpRequestMessage(HttpMethod.Put, endpoint) { Content = new MultipartFormDataContent { { content, "package", file.Name } } };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("X-NuGet-ApiKey", key);
        // Feeds tell by it that the client knows semantic versions (NuGet server API, push and delete).
        request.Headers.TryAddWithoutValidation("X-NuGet-Protocol-Version", "4.1.0");
        return request;
    }

    static HttpRequestMessage Get(Uri address, FeedCredentials? credentials)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (credentials is not null && address.GetLeftPart(UriPartial.Authority) == credentials.Authority)
            request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Basic", credentials.Basic);
        return request;
    }

    static IEnumerable<string> TypesOf(JsonNode? node) => node switch
    {
        JsonArray array => array.OfType<JsonValue>().Select(x => x.TryGetValue<string>(out var text) ? text : ""),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    AbsolutePath FileOf(NuGetPackageFile package, bool symbols) => Directory! / $"{package.Id}.{package.Version}.{(symbols ? "snupkg" : "nupkg")}";

    sealed record FeedCredentials(string Authority, string Basic);
}
