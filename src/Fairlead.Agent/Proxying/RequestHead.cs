using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Fairlead.Agent;

/// <summary>
/// The head of a client's request. Strict where two readers of the same bytes could disagree about where a request ends (RFC 9112,
/// section 11.2): what is doubtful is refused, never repaired.
/// </summary>
sealed class RequestHead
{
    const string NotHttp = "This is no request of HTTP/1.1.\n";

    static readonly SearchValues<byte> HostCharacters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~:[]%!$&'()*+,;="u8);

    int _methodStart;
    int _methodLength;
    int _pathStart;
    int _pathLength;

    public FieldList Fields { get; } = new();

    /// <summary>What is wrong with it; only when it was refused.</summary>
    public string Fault { get; private set; } = "";

    public bool IsHead { get; private set; }

    /// <summary>Whether it may be sent once more.</summary>
    public bool IsIdempotent { get; private set; }

    /// <summary>Whether the client speaks HTTP/1.0. Its request goes on as such, so that no replica answers it in chunks.</summary>
    public bool IsOld { get; private set; }

    /// <summary>Whether the client keeps the connection open for another request.</summary>
    public bool KeepsAlive { get; private set; }

    /// <summary>The length of the body in bytes; 0 for none.</summary>
    public long Length { get; private set; }

    public bool IsChunked { get; private set; }

    public bool HasBody => IsChunked || Length > 0;

    /// <summary>Only for WebSocket: what else could be switched to (h2c) would lead around the rules of this proxy.</summary>
    public bool IsUpgrade { get; private set; }

    /// <summary>Path and query as they came.</summary>
    public ReadOnlySpan<byte> PathIn(byte[] buffer) => _pathLength == 0 ? "/"u8 : buffer.AsSpan(_pathStart, _pathLength);

    public ReadOnlySpan<byte> MethodIn(byte[] buffer) => buffer.AsSpan(_methodStart, _methodLength);

    /// <summary>Reads the head between two places of a buffer.</summary>
    /// <returns>0, or the status code to refuse it with.</returns>
    public int Parse(byte[] buffer, int start, int end)
    {
        var line = buffer.AsSpan(start, end - start);
        var length = line.IndexOf((byte)'\n');
        if (length < 1 || line[length - 1] != '\r')
            return Refuse(StatusCodes.Status400BadRequest, NotHttp);
        line = line[..(length - 1)];
        var first = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (first < 1 || last <= first + 1 || !FieldList.IsToken(line[..first]))
            return Refuse(StatusCodes.Status400BadRequest, NotHttp);
        var version = line[(last + 1)..];
        if (!version.SequenceEqual("HTTP/1.1"u8) && !version.SequenceEqual("HTTP/1.0"u8))
            return version.StartsWith("HTTP/"u8) ? Refuse(StatusCodes.Status505HttpVersionNotsupported, NotHttp) : Refuse(StatusCodes.Status400BadRequest, NotHttp);
        IsOld = version[^1] == '0';
        var target = line[(first + 1)..last];
        if (target.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e))
            return Refuse(StatusCodes.Status400BadRequest, "This request target has characters that none may have.\n");
        (_methodStart, _methodLength) = (start, first);
        IsHead = line[..first].SequenceEqual("HEAD"u8);
        IsIdempotent = HttpRules.IsIdempotent(line[..first]);
        if (Fields.Parse(buffer, start + length + 1, end, mayEndWithLineFeed: false) is { } fault)
            return Refuse(StatusCodes.Status400BadRequest, fault + "\n");

        var host = Fields.ValueOf(buffer, FieldKind.Host, out var hosts);
        if (hosts > 1 || (hosts == 0 && !IsOld) || host.ContainsAnyExcept(HostCharacters))
            return Refuse(StatusCodes.Status400BadRequest, "It needs one proper Host field.\n");
        if (!FindPath(target, start + first + 1, host))
            return Refuse(StatusCodes.Status400BadRequest, "This request target cannot be passed on.\n");
        return ParseBody(buffer) ?? ParseConnection(buffer, line[..first].SequenceEqual("GET"u8));
    }

    bool FindPath(ReadOnlySpan<byte> target, int at, ReadOnlySpan<byte> host)
    {
        if (target[0] != '/')
        {
            const int Scheme = 7;
            if (target.Length < Scheme || !Ascii.EqualsIgnoreCase(target[..Scheme], "http://"u8))
                return false;
            var authority = target[Scheme..];
            if (authority.IndexOfAny((byte)'/', (byte)'?') is >= 0 and var end)
                authority = authority[..end];
            // The replica sees only the Host field: another one in the target would mean another service to those who look at that.
            if (!Ascii.EqualsIgnoreCase(authority, host))
                return false;
            at += Scheme + authority.Length;
            target = target[(Scheme + authority.Length)..];
            if (target is [(byte)'?', ..])
                return false;
        }

        (_pathStart, _pathLength) = (at, target.Length);
        return true;
    }

    int? ParseBody(byte[] buffer)
    {
        (Length, IsChunked) = (0, false);
        var length = Fields.ValueOf(buffer, FieldKind.ContentLength, out var lengths);
        var coding = Fields.ValueOf(buffer, FieldKind.TransferEncoding, out var codings);
        if (lengths + codings > 1 || (codings == 1 && IsOld))
            return Refuse(StatusCodes.Status400BadRequest, "It is ambiguous about where its body ends.\n");
        if (codings == 1)
        {
            if (!Ascii.EqualsIgnoreCase(coding, "chunked"u8))
                return Refuse(StatusCodes.Status501NotImplemented, "Its Transfer-Encoding is not known here.\n");
            IsChunked = true;
        }
        else if (lengths == 1)
        {
            if (!TryParseLength(length, out var number))
                return Refuse(StatusCodes.Status400BadRequest, "Its Content-Length is malformed.\n");
            Length = number;
        }

        return null;
    }

    int ParseConnection(byte[] buffer, bool isGet)
    {
        KeepsAlive = IsOld ? Fields.HasOption(buffer, "keep-alive"u8) : !Fields.HasOption(buffer, "close"u8);
        IsUpgrade = isGet && !IsOld && !HasBody && Fields.HasOption(buffer, "upgrade"u8)
            && Ascii.EqualsIgnoreCase(Fields.ValueOf(buffer, FieldKind.Upgrade, out var upgrades), "websocket"u8) && upgrades == 1;
        return 0;
    }

    /// <summary>Reads a Content-Length: digits and nothing else.</summary>
    public static bool TryParseLength(ReadOnlySpan<byte> text, out long length)
    {
        length = 0;
        return text.Length is > 0 and < 19 && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9') && Utf8Parser.TryParse(text, out length, out var used) && used == text.Length;
    }

    int Refuse(int code, string fault)
    {
        Fault = fault;
        return code;
    }
}
