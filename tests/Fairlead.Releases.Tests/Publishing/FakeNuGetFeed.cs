using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Fairlead.Releases.Tests;

/// <summary>A NuGet feed: a service index, packages, pushing with a key, and a token service.</summary>
sealed class FakeNuGetFeed : IDisposable
{
    public FakeNuGetFeed() => Server = new FakeServer(Answer);

    public FakeServer Server { get; }

    public string Index => $"{Server.Url}/v3/index.json";

    public string Key { get; set; } = "the-nuget-key";

    public bool ShowsPackages { get; init; } = true;

    /// <summary>What pushing is answered with, without keeping anything: a status, and where it redirects to.</summary>
    public (int Status, string? Location)? PushAnswer { get; init; }

    /// <summary><c>user:password</c> that reading wants.</summary>
    public string? SignIn { get; init; }

    /// <summary>Where all packages are found.</summary>
    public string? PackagesElsewhere { get; init; }

    /// <summary>By path: <c>id/version/id.version.nupkg</c>, and <c>symbols:</c> with the file's name.</summary>
    public ConcurrentDictionary<string, byte[]> Packages { get; } = new(StringComparer.Ordinal);

    public string TokenRequest { get; private set; } = "";

    public void Dispose() => Server.Dispose();

    byte[]? Answer(HttpListenerRequest request, byte[] body, HttpListenerResponse response)
    {
        var path = request.Url!.AbsolutePath;
        if (SignIn is not null && request.HttpMethod == "GET" && request.Headers["Authorization"] != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(SignIn)))
        {
            response.StatusCode = 401;
            return null;
        }

        if (path == "/v3/index.json")
        {
            var packages = ShowsPackages ? $$"""{ "@id": "{{Server.Url}}/packages/", "@type": "PackageBaseAddress/3.0.0" },""" : "";
            return Encoding.UTF8.GetBytes($$"""
                { "version": "3.0.0", "resources": [ {{packages}} { "@id": "{{Server.Url}}/api/v2/package", "@type": "PackagePublish/2.0.0" },
                  { "@id": "{{Server.Url}}/api/v2/symbolpackage", "@type": ["SymbolPackagePublish/4.9.0"] } ] }
                """);
        }

        if (path.StartsWith("/packages/", StringComparison.Ordinal))
        {
            if (PackagesElsewhere is not null)
            {
                response.StatusCode = 302;
                response.Headers["Location"] = PackagesElsewhere;
                return null;
            }

            var found = Packages.TryGetValue(path["/packages/".Length..], out var package);
            response.StatusCode = found ? 200 : 404;
            return package;
        }

        if (PushAnswer is var (status, location) && path == "/api/v2/package")
        {
            response.StatusCode = status;
            if (location is not null)
                response.Headers["Location"] = location;
            return null;
        }

        switch (path)
        {
            // The build server: says who runs.
            case "/identity":
                response.StatusCode = request.Headers["Authorization"] == "Bearer the-run-token" && request.QueryString["audience"] == Server.Url ? 200 : 401;
                return """{"value":"the-identity"}"""u8.ToArray();
            case "/api/v2/token":
                TokenRequest = Encoding.UTF8.GetString(body);
                response.StatusCode = request.Headers["Authorization"] == "Bearer the-identity" ? 200 : 401;
                return Encoding.UTF8.GetBytes($$"""{"apiKey":"{{Key}}"}""");
            case "/api/v2/package" or "/api/v2/symbolpackage" when request.Headers["X-NuGet-ApiKey"] != Key:
                response.StatusCode = 403;
                return "The specified API key is invalid."u8.ToArray();
            case "/api/v2/package" or "/api/v2/symbolpackage":
                var (name, content) = Part(body);
                var key = path.EndsWith("symbolpackage", StringComparison.Ordinal) ? $"symbols:{name}" : PathOf(name);
                response.StatusCode = Packages.TryAdd(key, content) ? 201 : 409;
                return null;
            default:
                response.StatusCode = 404;
                return null;
        }
    }

    static string PathOf(string file)
    {
        var (id, version) = (file[..file.IndexOf(".1.", StringComparison.Ordinal)].ToLowerInvariant(), file[(file.IndexOf(".1.", StringComparison.Ordinal) + 1)..^".nupkg".Length]);
        return $"{id}/{version}/{id}.{version}.nupkg";
    }

    // The one part of a multipart body.
    static (string Name, byte[] Content) Part(byte[] body)
    {
        var start = body.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        var head = Encoding.UTF8.GetString(body, 0, start);
        var boundary = head[..head.IndexOf("\r\n", StringComparison.Ordinal)];
        var end = body.AsSpan(start).LastIndexOf(Encoding.UTF8.GetBytes("\r\n" + boundary)) + start;
        var name = head[(head.IndexOf("filename=", StringComparison.Ordinal) + 9)..].Split(';', '\r')[0].Trim('"');
        return (name, body[start..end]);
    }
}
