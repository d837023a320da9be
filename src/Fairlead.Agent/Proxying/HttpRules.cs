using System.Text;

namespace Fairlead.Agent;

/// <summary>Which header fields a proxy passes on (RFC 9110, section 7.6.1), and what else it must know of HTTP.</summary>
static class HttpRules
{
    /// <summary>Whether the text can be the name of a header or cookie (RFC 9110, section 5.6.2).</summary>
    public static bool IsToken(string text) => FieldList.IsToken(Encoding.Latin1.GetBytes(text));

    /// <summary>Whether a request of this method may be repeated (RFC 9110, section 9.2.2).</summary>
    public static bool IsIdempotent(ReadOnlySpan<byte> method) => method.SequenceEqual("GET"u8) || method.SequenceEqual("HEAD"u8) || method.SequenceEqual("OPTIONS"u8)
        || method.SequenceEqual("PUT"u8) || method.SequenceEqual("DELETE"u8) || method.SequenceEqual("TRACE"u8);

    /// <summary>What is to be done with a field of this name.</summary>
    /// <remarks>
    /// Host, Cookie and Authorization are never taken away: a client that could do that by naming them in Connection would choose how the
    /// replica sees it. Nobody is believed about where a request came from, also no other proxy on this machine: this one is the edge.
    /// </remarks>
    public static FieldKind KindOf(ReadOnlySpan<byte> name)
    {
        switch (name.Length)
        {
            case 2 when Is(name, "TE"u8):
                return FieldKind.Hop;
            case 4 when Is(name, "Host"u8):
                return FieldKind.Host;
            case 6 when Is(name, "Cookie"u8):
                return FieldKind.Protected;
            case 6 when Is(name, "Expect"u8):
                return FieldKind.Expect;
            case 7 when Is(name, "Upgrade"u8):
                return FieldKind.Upgrade;
            case 10 when Is(name, "Connection"u8):
                return FieldKind.Connection;
            case 10 when Is(name, "Keep-Alive"u8):
                return FieldKind.Hop;
            case 13 when Is(name, "Authorization"u8):
                return FieldKind.Protected;
            case 14 when Is(name, "Content-Length"u8):
                return FieldKind.ContentLength;
            case 14 when Is(name, "HTTP2-Settings"u8):
                return FieldKind.Hop;
            case 16 when Is(name, "Proxy-Connection"u8):
                return FieldKind.Hop;
            case 17 when Is(name, "Transfer-Encoding"u8):
                return FieldKind.TransferEncoding;
            case 18 when Is(name, "Proxy-Authenticate"u8):
                return FieldKind.Hop;
            case 19 when Is(name, "Proxy-Authorization"u8):
                return FieldKind.Hop;
        }

        return IsOrigin(name) ? FieldKind.Origin : FieldKind.Passed;
    }

    static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> other) => Ascii.EqualsIgnoreCase(name, other);

    /// <summary>Whether the field says where a request came from; also with underscores, which many frameworks read as hyphens.</summary>
    static bool IsOrigin(ReadOnlySpan<byte> name)
    {
        if ((name[0] | 0x20) is not ('x' or 'f') || name.Length > 64)
            return false;
        Span<byte> hyphens = stackalloc byte[name.Length];
        name.Replace(hyphens, (byte)'_', (byte)'-');
        return (hyphens.Length > 12 && Is(hyphens[..12], "X-Forwarded-"u8)) || Is(hyphens, "Forwarded"u8) || Is(hyphens, "X-Real-IP"u8);
    }
}
