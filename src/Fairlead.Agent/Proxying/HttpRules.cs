using System.Net;
using Microsoft.Extensions.Primitives;

namespace Fairlead.Agent;

/// <summary>Which header fields a proxy passes on (RFC 9110, section 7.6.1) which it adds, and what else it must know of HTTP.</summary>
static class HttpRules
{
    static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Proxy-Authenticate", "Proxy-Authorization",
    };

    /// <summary>Whether a request of this method may be repeated (RFC 9110, section 9.2.2).</summary>
    public static bool IsIdempotent(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method)
        || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method) || HttpMethods.IsTrace(method);

    /// <summary>Whether the field is meant for the next hop only. The Connection field names further ones.</summary>
    public static bool IsHopByHop(string name, HashSet<string>? namedByConnection) =>
        HopByHop.Contains(name) || (namedByConnection?.Contains(name) ?? false);

    /// <summary>The field names that a Connection field lists; null when there are none beyond the usual.</summary>
    public static HashSet<string>? NamedByConnection(StringValues connection)
    {
        HashSet<string>? names = null;
        foreach (var value in connection)
        {
            foreach (var name in (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (!name.Equals("close", StringComparison.OrdinalIgnoreCase) && !name.Equals("keep-alive", StringComparison.OrdinalIgnoreCase))
                    (names ??= new(StringComparer.OrdinalIgnoreCase)).Add(name);
            }
        }

        return names;
    }

    /// <summary>Copies what the replica may see, and says where the request came from.</summary>
    public static void CopyRequest(HttpContext context, HttpRequestMessage target)
    {
        var source = context.Request;
        var named = NamedByConnection(source.Headers.Connection);
        // Another proxy on this machine (one that ends TLS, say) is believed; from elsewhere anybody could claim anything.
        var trusted = context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
        foreach (var (name, values) in source.Headers)
        {
            if (IsHopByHop(name, named) || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) || IsForwarded(name))
                continue;
            Add(target, name, values);
        }

        var client = context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        var chain = trusted && source.Headers["X-Forwarded-For"] is { Count: > 0 } before ? $"{before}, {client}" : client;
        Add(target, "X-Forwarded-For", chain);
        Add(target, "X-Forwarded-Proto", trusted && source.Headers["X-Forwarded-Proto"] is { Count: > 0 } proto ? proto : "http");
        var host = trusted && source.Headers["X-Forwarded-Host"] is { Count: > 0 } original ? original : source.Headers.Host;
        if (host.Count > 0)
            Add(target, "X-Forwarded-Host", host);
    }

    /// <summary>Copies what the client may see.</summary>
    public static void CopyResponse(HttpResponseMessage source, HttpResponse target)
    {
        var named = source.Headers.NonValidated.TryGetValues("Connection", out var connection) ? NamedByConnection(connection.ToString()) : null;
        foreach (var (name, values) in source.Headers.NonValidated)
        {
            if (!IsHopByHop(name, named))
                target.Headers[name] = values.Count == 1 ? new StringValues(values.ToString()) : new StringValues([.. values]);
        }

        foreach (var (name, values) in source.Content.Headers.NonValidated)
        {
            if (!IsHopByHop(name, named))
                target.Headers[name] = values.Count == 1 ? new StringValues(values.ToString()) : new StringValues([.. values]);
        }
    }

    static bool IsForwarded(string name) => name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
        && (name.EndsWith("-For", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("-Proto", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("-Host", StringComparison.OrdinalIgnoreCase));

    static void Add(HttpRequestMessage target, string name, StringValues values)
    {
        IEnumerable<string?> all = values;
        if (!target.Headers.TryAddWithoutValidation(name, all))
            target.Content?.Headers.TryAddWithoutValidation(name, all);
    }
}
