using Microsoft.Extensions.Primitives;

namespace Fairlead.Agent;

/// <summary>Which header fields a proxy passes on (RFC 9110, section 7.6.1) which it adds, and what else it must know of HTTP.</summary>
static class HttpRules
{
    static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Proxy-Authenticate", "Proxy-Authorization", "HTTP2-Settings",
    };

    // What says where a request goes and who sends it: a client that could take these away would choose how the replica sees it.
    static readonly HashSet<string> NeverNamed = new(StringComparer.OrdinalIgnoreCase) { "Host", "Cookie", "Authorization" };

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
                // Kestrel leaves nothing of a field that has "close" but that word; what else was named beside it passes.
                if (!name.Equals("close", StringComparison.OrdinalIgnoreCase) && !name.Equals("keep-alive", StringComparison.OrdinalIgnoreCase) && !NeverNamed.Contains(name))
                    (names ??= new(StringComparer.OrdinalIgnoreCase)).Add(name);
            }
        }

        return names;
    }

    /// <summary>
    /// Copies what the replica may see, and says where the request came from. Nobody is believed about that, also no other proxy on this
    /// machine: this one is the edge, and anybody could claim anything.
    /// </summary>
    public static void CopyRequest(HttpContext context, HttpRequestMessage target)
    {
        var source = context.Request;
        var named = NamedByConnection(source.Headers.Connection);
        foreach (var (name, values) in source.Headers)
        {
            if (IsHopByHop(name, named) || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) || IsForwarded(name))
                continue;
            Add(target, name, values);
        }

        var client = context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        Add(target, "X-Forwarded-For", client);
        Add(target, "X-Forwarded-Proto", "http");
        var host = source.Headers.Host;
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

        // Of two lengths the chunks are the true one (RFC 9112, section 6.3).
        var chunked = source.Headers.NonValidated.Contains("Transfer-Encoding");
        foreach (var (name, values) in source.Content.Headers.NonValidated)
        {
            if (!IsHopByHop(name, named) && !(chunked && name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)))
                target.Headers[name] = values.Count == 1 ? new StringValues(values.ToString()) : new StringValues([.. values]);
        }
    }

    /// <summary>Whether the field says where a request came from; also with underscores, which many frameworks read as hyphens.</summary>
    static bool IsForwarded(string name)
    {
        if ((name[0] | 0x20) is not ('x' or 'f'))
            return false;
        if (name.Contains('_', StringComparison.Ordinal))
            name = name.Replace('_', '-');
        return name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
            || name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
            || name.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase);
    }

    static void Add(HttpRequestMessage target, string name, StringValues values)
    {
        IEnumerable<string?> all = values;
        if (!target.Headers.TryAddWithoutValidation(name, all))
            target.Content?.Headers.TryAddWithoutValidation(name, all);
    }
}
