using System.Net;

namespace Fairlead.Deployment;

/// <summary>Reads where a service is served and where people reach it.</summary>
static class AddressReader
{
    const string Remedy = "The local platform serves plain HTTP on this machine: write for instance 'http://127.0.0.1:5080'.";

    /// <summary>The served address and, where it is another one, the public address; either null after a problem.</summary>
    public static (Uri? Served, Uri? Public) Read(MapReader service)
    {
        var owner = service.Scope.Owner;
        if (service.Has("listen"))
        {
            var served = ReadServed(service, "listen", Remedy);
            if (service.Scalar("url", "a URL") is not { } scalar)
                return (served, null);
            if (Uri.TryCreate(scalar.Text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0)
                return (served, address);
            service.Report($"'url' of {owner} is not a URL: '{scalar.Text}'.", scalar.Where, "It is where people reach the service: write for instance 'https://shop.example.com'.");
            return (served, null);
        }

        return (ReadServed(
            service,
            "url",
            $"{Remedy} When something in front of it serves the public address, keep that as 'url' and add 'listen: http://127.0.0.1:5080'."), null);
    }

    static Uri? ReadServed(MapReader service, string key, string publicRemedy)
    {
        var owner = service.Scope.Owner;
        if (service.Scalar(key, "a URL") is not { } scalar)
            return null;
        if (!Uri.TryCreate(scalar.Text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            service.Report($"'{key}' of {owner} is not a URL: '{scalar.Text}'.", scalar.Where, Remedy);
        else if (url.UserInfo.Length > 0)
            service.Report($"'{key}' of {owner} must be 'http://' with a host and a port and nothing else, but has a user name.", scalar.Where, Remedy);
        else if (url.Scheme != "http" || url.PathAndQuery != "/" || url.Fragment.Length > 0)
            service.Report($"'{key}' of {owner} must be 'http://' with a host and a port and nothing else, but is '{scalar.Text}'.", scalar.Where, publicRemedy);
        else if (!IsLocal(url))
            service.Report($"'{key}' of {owner} must be an address of this machine, but its host is '{url.Host}'.", scalar.Where, publicRemedy);
        else
            return url;
        return null;
    }

    public static bool IsLocal(Uri url) => url.Host == "localhost" || IPAddress.TryParse(url.DnsSafeHost, out _);

    /// <summary>A path of the service, or null.</summary>
    public static string? Path(MapReader reader, string key)
    {
        if (reader.Scalar(key, "a path like /health") is not { } scalar)
            return null;
        if (scalar.Text.StartsWith('/') && !scalar.Text.Any(x => char.IsWhiteSpace(x) || char.IsControl(x)))
            return scalar.Text;
        reader.Report($"'{reader.Word(key)}' of {reader.Owner} must be a path that starts with '/', but is '{scalar.Text}'.", scalar.Where);
        return null;
    }
}
