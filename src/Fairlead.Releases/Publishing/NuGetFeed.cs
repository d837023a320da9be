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

    /// <summary>Opens a feed.</summary>
    /// <param name="http">Sends; kept and not disposed.</param>
    /// <param name="source">Address of the service index, or a directory; see <see cref="NuGetSource"/> for names.</param>
    /// <param name="time">The clock for pauses between attempts.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="UserErrorException">There is no feed, or it takes no packages.</exception>
    public static async Task<NuGetFeed> OpenAsync(HttpClient http, string source, TimeProvider time, CancellationToken cancellationToken)
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
        using var response = await retrying.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, index), $"The feed '{name}'", cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new UserErrorException($"The feed '{name}' answered {await RetryingHttp.ExplainAsync(response, cancellationToken)}.", "Check its address.");
        try
        {
            var resources = JsonNode.Parse(await RetryingHttp.ReadBoundedAsync(response, LargestDocument, $"The feed '{name}'", cancellationToken))?["resources"] as JsonArray ?? [];
            var publish = Find("PackagePublish/") ?? throw new UserErrorException($"The feed '{name}' takes no packages: its service index lists no PackagePublish.", "Give the feed that packages are pushed to.");
            return new NuGetFeed(name, null, retrying, Find("PackageBaseAddress/")?.AbsoluteUri.TrimEnd('/'), publish, Find("SymbolPackagePublish/"));

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
        using var response = await _http!.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, new Uri($"{_packages}/{id}/{package.Version}/{id}.{package.Version}.nupkg")), $"The feed '{Name}'", cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return (false, null);
        // One that shows packages only to those who have signed in says itself when it gets one twice.
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return (null, null);
        if (!response.IsSuccessStatusCode)
            throw new UserErrorException($"The feed '{Name}' answered {await RetryingHttp.ExplainAsync(response, cancellationToken)} when asked for {package.Id} {package.Version}.", "Run this again.");
        return (true, new MemoryStream(await RetryingHttp.ReadBoundedAsync(response, LargestPackage, $"The feed '{Name}'", cancellationToken), writable: false));
    }

    /// <summary>Sends a package.</summary>
    /// <returns>False when the feed has that id and version already.</returns>
    internal async Task<bool> PushAsync(AbsolutePath file, NuGetPackageFile package, string? key, bool symbols, CancellationToken cancellationToken)
    {
        if (Directory is not null)
        {
            var target = FileOf(package, symbols);
            if (target.FileExists())
                return false;
            NewFile.Write(target, x =>
            {
                using var content = File.OpenRead(file);
                content.CopyTo(x);
            });
            return true;
        }

        using var response = await _http!.SendAsync(() => Request(file, key, (symbols ? _publishSymbols : _publish)!), $"The feed '{Name}'", cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.Conflict => false,
            _ when response.IsSuccessStatusCode => true,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => throw new UserErrorException(
                $"The feed '{Name}' refuses {(key is null ? "one without a key" : "the key")}: {await RetryingHttp.ExplainAsync(response, cancellationToken)}.",
                key is null ? "Give the secret '--nuget-api-key' (by the variable NUGET_API_KEY, say), or set up trusted publishing there." : "Check whether it has expired, and whether it is for this package."),
            _ => throw new UserErrorException($"The feed '{Name}' answered {await RetryingHttp.ExplainAsync(response, cancellationToken)}.", "Run this again; what is there already is left out."),
        };
    }

    static HttpRequestMessage Request(AbsolutePath file, string? key, Uri endpoint)
    {
        var content = new StreamContent(File.OpenRead(file));
        content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/octet-stream");
        var request = new HttpRequestMessage(HttpMethod.Put, endpoint) { Content = new MultipartFormDataContent { { content, "package", file.Name } } };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("X-NuGet-ApiKey", key);
        // Feeds tell by it that the client knows semantic versions (NuGet server API, push and delete).
        request.Headers.TryAddWithoutValidation("X-NuGet-Protocol-Version", "4.1.0");
        return request;
    }

    static IEnumerable<string> TypesOf(JsonNode? node) => node switch
    {
        JsonArray array => array.OfType<JsonValue>().Select(x => x.TryGetValue<string>(out var text) ? text : ""),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    AbsolutePath FileOf(NuGetPackageFile package, bool symbols) => Directory! / $"{package.Id}.{package.Version}.{(symbols ? "snupkg" : "nupkg")}";
}
