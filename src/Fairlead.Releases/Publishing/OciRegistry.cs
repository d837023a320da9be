using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// A container registry, spoken to as the OCI distribution specification 1.1 says. With https, except on this machine.
/// </summary>
public sealed class OciRegistry
{
    const int LargestDocument = 4 << 20;
    const string DigestHeader = "Docker-Content-Digest";

    readonly RetryingHttp _http;
    readonly Uri _address;
    readonly RegistryCredentials? _credentials;
    readonly Redactor _redactor;
    readonly ConcurrentDictionary<string, AuthenticationHeaderValue> _authorisations = new(StringComparer.Ordinal);

    /// <param name="http">Sends; kept and not disposed.</param>
    /// <param name="host">The registry with its port, if any: <c>registry.example:5000</c>.</param>
    /// <param name="credentials">Who one is; null for nobody.</param>
    /// <param name="redactor">Is told the secrets.</param>
    /// <param name="time">The clock for pauses between attempts.</param>
    /// <exception cref="UserErrorException">The name is none of a host.</exception>
    public OciRegistry(HttpClient http, string host, RegistryCredentials? credentials, Redactor redactor, TimeProvider time)
    {
        if (!Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var uri) || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
            throw new UserErrorException($"'{host}' is no name of a registry.", "Name, and port if any: registry.example:5000");
        if (ImageName.IsDockerHub(host))
            uri = new Uri("https://registry-1.docker.io/");
        _address = uri.IsLoopback ? new UriBuilder(uri) { Scheme = Uri.UriSchemeHttp, Port = uri.IsDefaultPort ? 80 : uri.Port }.Uri : uri;
        (_http, _credentials, _redactor, Host) = (new RetryingHttp(http, time), credentials, redactor, host);
        credentials?.Tell(redactor);
    }

    /// <summary>The registry with its port, if any.</summary>
    public string Host { get; }

    /// <summary>Blobs larger than this many bytes are uploaded in parts of that size. 64 MB by default.</summary>
    public int ChunkSize { get; init; } = 64 << 20;

    /// <summary>The digest that a tag names, or whether a digest is there; null when not.</summary>
    /// <param name="name">The repository, without the registry.</param>
    /// <param name="reference">A tag or a digest.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="UserErrorException">The registry does not answer, or refuses.</exception>
    public async Task<string?> FindManifestAsync(string name, string reference, CancellationToken cancellationToken)
    {
        using var head = await SendAsync(() => Manifest(HttpMethod.Head, name, reference), name, push: false, cancellationToken);
        if (head.StatusCode == HttpStatusCode.NotFound)
            return null;
        await CheckAsync(head, $"tell about {name}:{reference}", cancellationToken);
        if (head.Headers.TryGetValues(DigestHeader, out var values) && values.FirstOrDefault() is { } told && OciArchive.IsDigest(told))
            return told;
        // The first answer has shown which authorisation is wanted.
        var scope = Scope(name, push: false);
        return await _http.SendAsync(
            () => Authorised(Manifest(HttpMethod.Get, name, reference), scope),
            async get =>
            {
                await CheckAsync(get, $"give {name}:{reference}", cancellationToken);
                return Sha256.Of(await RetryingHttp.ReadBoundedAsync(get, LargestDocument, $"The registry {Host}", cancellationToken));
            },
            $"The registry {Host}",
            cancellationToken);
    }

    /// <summary>Whether a blob is there.</summary>
    internal async Task<bool> HasBlobAsync(string name, string digest, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Head, At($"v2/{name}/blobs/{digest}")), name, push: true, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return false;
        await CheckAsync(response, $"tell about a layer of {name}", cancellationToken);
        return true;
    }

    /// <summary>Uploads a blob: at once, or in parts when it is large.</summary>
    internal async Task PushBlobAsync(string name, string digest, Func<Stream> open, long size, CancellationToken cancellationToken)
    {
        using var begun = await SendAsync(() => new HttpRequestMessage(HttpMethod.Post, At($"v2/{name}/blobs/uploads/")), name, push: true, cancellationToken);
        await CheckAsync(begun, $"take a layer of {name}", cancellationToken);
        var location = LocationOf(begun);
        var sent = 0L;
        if (size > ChunkSize)
        {
            await using var content = open();
            var part = new byte[ChunkSize];
            while (sent < size)
            {
                var length = await content.ReadAtLeastAsync(part, (int)Math.Min(ChunkSize, size - sent), throwOnEndOfStream: true, cancellationToken);
                var (to, from) = (location, sent);
                using var patched = await SendAsync(() => Chunk(to, part, length, from), name, push: true, cancellationToken);
                await CheckAsync(patched, $"take a part of a layer of {name}", cancellationToken);
                location = LocationOf(patched);
                sent += length;
            }
        }

        var end = new Uri($"{location.AbsoluteUri}{(location.Query.Length > 0 ? "&" : "?")}digest={Uri.EscapeDataString(digest)}");
        using var done = await SendAsync(() => Whole(end), name, push: true, cancellationToken);
        await CheckAsync(done, $"take a layer of {name}", cancellationToken);

        HttpRequestMessage Whole(Uri uri)
        {
            var request = new HttpRequestMessage(HttpMethod.Put, uri) { Content = sent > 0 ? new ByteArrayContent([]) : new StreamContent(open()) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            request.Content.Headers.ContentLength = sent > 0 ? 0 : size;
            return request;
        }
    }

    /// <summary>Puts a manifest under a digest or a tag.</summary>
    internal async Task PushManifestAsync(string name, string reference, string mediaType, byte[] manifest, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Put, At($"v2/{name}/manifests/{reference}")) { Content = new ByteArrayContent(manifest) };
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
                return request;
            },
            name,
            push: true,
            cancellationToken);
        await CheckAsync(response, $"take {name}:{reference}", cancellationToken);
    }

    static HttpRequestMessage Chunk(Uri location, byte[] part, int length, long from)
    {
        var request = new HttpRequestMessage(HttpMethod.Patch, location) { Content = new ByteArrayContent(part, 0, length) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        // Not in the form of HTTP, with a unit: the specification wants the bare numbers.
        request.Content.Headers.TryAddWithoutValidation("Content-Range", $"{from}-{from + length - 1}");
        return request;
    }

    HttpRequestMessage Manifest(HttpMethod method, string name, string reference)
    {
        var request = new HttpRequestMessage(method, At($"v2/{name}/manifests/{reference}"));
        foreach (var type in new[] { OciMediaTypes.Index, OciMediaTypes.Manifest, OciMediaTypes.DockerIndex, OciMediaTypes.DockerManifest })
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        return request;
    }

    Uri At(string path) => new(_address, path);

    Uri LocationOf(HttpResponseMessage response)
    {
        var location = response.Headers.Location is { } given ? new Uri(_address, given) : throw new UserErrorException($"The registry {Host} does not say where to upload to.", "It does not follow the OCI distribution specification; check its address.");
        return RetryingHttp.IsSafe(location) ? location : throw new UserErrorException($"The registry {Host} wants the upload at '{location.GetLeftPart(UriPartial.Authority)}', without https.", "Ask who runs it; behind a proxy it must know that it is reached by https.");
    }

    async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, string name, bool push, CancellationToken cancellationToken)
    {
        var scope = Scope(name, push);
        var response = await _http.SendAsync(() => Authorised(make(), scope), $"The registry {Host}", cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || await AuthoriseAsync(response, scope, cancellationToken) is not { } authorisation)
            return response;
        response.Dispose();
        _authorisations[scope] = authorisation;
        return await _http.SendAsync(() => Authorised(make(), scope), $"The registry {Host}", cancellationToken);
    }

    // Always the larger right when there is somebody to give it to: registries tell who may not push, and one token does for all requests.
    string Scope(string name, bool push) => $"repository:{name}:{(push || _credentials is not null ? "pull,push" : "pull")}";

    HttpRequestMessage Authorised(HttpRequestMessage request, string scope)
    {
        // An upload may go to another host, which must not get what this one wants.
        var isHere = request.RequestUri!.Scheme == _address.Scheme && request.RequestUri.Authority == _address.Authority;
        if (isHere && _authorisations.TryGetValue(scope, out var authorisation))
            request.Headers.Authorization = authorisation;
        return request;
    }

    async Task<AuthenticationHeaderValue?> AuthoriseAsync(HttpResponseMessage response, string scope, CancellationToken cancellationToken)
    {
        foreach (var challenge in response.Headers.WwwAuthenticate.Select(x => AuthenticationChallenge.Parse(x.Scheme, x.Parameter)))
        {
            if (challenge.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) && _credentials is { User: not null })
                return new AuthenticationHeaderValue("Basic", _credentials.Basic);
            if (challenge.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) && challenge.Parameters.TryGetValue("realm", out var realm))
                return new AuthenticationHeaderValue("Bearer", await TokenAsync(realm, challenge.Parameters.GetValueOrDefault("service"), scope, cancellationToken));
        }

        return null;
    }

    async Task<string> TokenAsync(string realm, string? service, string scope, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(realm, UriKind.Absolute, out var uri) || !RetryingHttp.IsSafe(uri))
            throw new UserErrorException($"The registry {Host} sends to '{realm}' for a token, which is no https address.", "Nothing was sent there. Check the registry's address.");
        var what = $"The token service of {Host}";
        var answer = await _http.SendAsync(
            Request,
            async response => response.IsSuccessStatusCode
                ? await RetryingHttp.ReadBoundedAsync(response, LargestDocument, what, cancellationToken)
                : throw Denied(await RetryingHttp.ExplainAsync(response, cancellationToken)),
            what,
            cancellationToken);
        try
        {
            var json = StrictJson.Object(answer);
            var token = ImageReader.Text(json, "token") ?? ImageReader.Text(json, "access_token") ?? throw Denied("it gave no token");
            _redactor.Add(token);
            return token;
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"{what} did not answer with JSON.", "Check the registry's address.", e);
        }

        HttpRequestMessage Request()
        {
            var values = new List<KeyValuePair<string, string>>();
            if (service is not null)
                values.Add(KeyValuePair.Create("service", service));
            values.Add(KeyValuePair.Create("scope", scope));
            if (_credentials?.IdentityToken is { } identity)
            {
                return new HttpRequestMessage(HttpMethod.Post, uri)
                {
                    Content = new FormUrlEncodedContent([.. values, KeyValuePair.Create("grant_type", "refresh_token"), KeyValuePair.Create("client_id", "fairlead"), KeyValuePair.Create("refresh_token", identity)]),
                };
            }

            var query = string.Join('&', values.Select(x => $"{x.Key}={Uri.EscapeDataString(x.Value)}"));
            var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{uri.AbsoluteUri}{(uri.Query.Length > 0 ? "&" : "?")}{query}"));
            if (_credentials is { User: not null })
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", _credentials.Basic);
            return request;
        }
    }

    async Task CheckAsync(HttpResponseMessage response, string what, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        var explanation = await RetryingHttp.ExplainAsync(response, cancellationToken);
        throw response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? Denied(explanation)
            : new UserErrorException($"The registry {Host} did not {what}: {explanation}.", "Run this again; what is there already is left out.");
    }

    UserErrorException Denied(string explanation) => new(
        $"The registry {Host} refuses {(_credentials is null ? "one who says nothing about themselves" : $"'{_redactor.Redact($"{_credentials}")}'")}: {explanation}.",
        _credentials is null ? $"Run 'docker login {Host}', or set the variables FAIRLEAD_REGISTRY_USER and FAIRLEAD_REGISTRY_PASSWORD." : "Check user, password and whether they may push there.");
}
