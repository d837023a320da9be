using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Fairlead.Testing.Images;

namespace Fairlead.Releases.Tests;

/// <summary>A container registry as the distribution specification has it, as far as pushing goes; with tokens, when a user is given.</summary>
sealed class FakeRegistry : IDisposable
{
    readonly string? _basic;
    readonly ConcurrentDictionary<string, MemoryStream> _uploads = new(StringComparer.Ordinal);

    public FakeRegistry(string? user = null, string? password = null)
    {
        _basic = user is null ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        Server = new FakeServer(Answer);
    }

    public FakeServer Server { get; }

    public string Host => $"127.0.0.1:{Server.Port}";

    public ConcurrentDictionary<string, byte[]> Blobs { get; } = new(StringComparer.Ordinal);

    /// <summary>By digest and by tag.</summary>
    public ConcurrentDictionary<string, byte[]> Manifests { get; } = new(StringComparer.Ordinal);

    /// <summary>How many of the next requests are answered with 503.</summary>
    public int Failing { get; set; }

    /// <summary>Where it sends for a token; by default to itself.</summary>
    public string? Realm { get; set; }

    public IEnumerable<string> Uploads => Server.Requests.Where(x => x.StartsWith('P') && x.Contains("/blobs/", StringComparison.Ordinal));

    public void Dispose() => Server.Dispose();

    byte[]? Answer(HttpListenerRequest request, byte[] body, HttpListenerResponse response)
    {
        var path = request.Url!.AbsolutePath;
        if (Failing > 0)
        {
            Failing--;
            response.StatusCode = 503;
            return null;
        }

        if (path == "/token")
        {
            response.StatusCode = request.Headers["Authorization"] == _basic ? 200 : 401;
            return """{"token":"the-token"}"""u8.ToArray();
        }

        if (_basic is not null && request.Headers["Authorization"] != "Bearer the-token")
        {
            response.StatusCode = 401;
            response.Headers["WWW-Authenticate"] = $"Bearer realm=\"{Realm ?? $"{Server.Url}/token"}\",service=\"the registry\",scope=\"repository:shop/web:pull\"";
            return null;
        }

        var name = path.Split('/')[^1];
        switch (request.HttpMethod)
        {
            case "HEAD" or "GET" when path.Contains("/blobs/", StringComparison.Ordinal):
                response.StatusCode = Blobs.ContainsKey(name) ? 200 : 404;
                return null;
            case "HEAD" or "GET" when path.Contains("/manifests/", StringComparison.Ordinal):
                response.StatusCode = Manifests.TryGetValue(name, out var there) ? 200 : 404;
                if (there is not null)
                    response.Headers["Docker-Content-Digest"] = TestImage.Digest(there);
                return there;
            case "POST":
                var id = Guid.NewGuid().ToString("N");
                _uploads[id] = new MemoryStream();
                response.StatusCode = 202;
                response.Headers["Location"] = $"/v2/uploads/blobs/{id}?state=1";
                return null;
            case "PATCH":
                response.StatusCode = request.Headers["Content-Range"] == $"{_uploads[name].Length}-{_uploads[name].Length + body.Length - 1}" ? 202 : 416;
                _uploads[name].Write(body);
                response.Headers["Location"] = path;
                return null;
            case "PUT" when path.Contains("/manifests/", StringComparison.Ordinal):
                Manifests[name] = body;
                Manifests[TestImage.Digest(body)] = body;
                response.StatusCode = 201;
                return null;
            case "PUT":
                _uploads[name].Write(body);
                var bytes = _uploads[name].ToArray();
                response.StatusCode = TestImage.Digest(bytes) == request.QueryString["digest"] ? 201 : 400;
                if (response.StatusCode == 201)
                    Blobs[TestImage.Digest(bytes)] = bytes;
                return null;
            default:
                response.StatusCode = 405;
                return null;
        }
    }
}
