using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace Fairlead.Agent;

/// <summary>One HTTP/1.1 connection to a replica. Heads and bodies are bytes from one side to the other: nothing is made of them on the way.</summary>
sealed class UpstreamConnection(Socket socket) : IDisposable
{
    const int LongestHead = 64 * 1024;
    const int UsualBuffer = 8 * 1024;
    const int LargeBuffer = 64 * 1024;

    byte[] _buffer = new byte[UsualBuffer];
    Bytes _request;
    int _start;
    int _end;
    int _headEnd;
    int _reasonStart;
    int _reasonEnd;
    bool _keepsAlive;
    bool _isComplete;
    long _left;
    ChunkScanner _chunks;

    /// <summary>Whether it has carried a request before the present one.</summary>
    public bool WasKept { get; private set; }

    /// <summary>
    /// Whether the replica has answered a second request here: then it is not one that closes after each answer without saying so.
    /// </summary>
    public bool IsProven { get; private set; }

    /// <summary>Whether anything of an answer to the current request has come.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>The status code of the answer.</summary>
    public int Code { get; private set; }

    public FieldList Fields { get; } = new();

    /// <summary>What holds the head of the answer.</summary>
    public byte[] Buffer => _buffer;

    public ReadOnlySpan<byte> Reason => _buffer.AsSpan(_reasonStart, _reasonEnd - _reasonStart);

    public Framing Framing { get; private set; }

    /// <summary>The length of the answer's body as it was said, also where none follows; null when it was not.</summary>
    public long? Length { get; private set; }

    /// <summary>When it was last used, as a timestamp.</summary>
    public long IdleSince { get; set; }

    /// <summary>Whether the answer has been read to its end, nothing came after it, and the replica keeps the connection open.</summary>
    public bool CanBeReused => _isComplete && _keepsAlive && _start == _end;

    /// <summary>Ends it for whoever uses it, and who then disposes it. The replica sees an end and not a reset.</summary>
    public void Break() => SocketSending.Break(socket);

    public void Dispose() => socket.Dispose();

    /// <summary>Whether the replica has closed it, or said something that nobody asked for.</summary>
    public bool IsStale()
    {
        try
        {
            return socket.Poll(0, SelectMode.SelectRead);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    /// <summary>Writes the request's head.</summary>
    public void WriteHead(RequestHead head, byte[] source, ReadOnlySpan<byte> forwardedFor)
    {
        _request.Clear();
        _request.Append(head.MethodIn(source));
        _request.Append(" "u8);
        _request.Append(head.PathIn(source));
        _request.Append(head.IsOld ? " HTTP/1.0\r\n"u8 : " HTTP/1.1\r\n"u8);
        ReadOnlySpan<byte> host = [];
        foreach (ref readonly var field in head.Fields.All)
        {
            if (field.Kind == FieldKind.Host)
                host = field.ValueIn(source);
            if (!head.Fields.IsPassedOn(field, source) && !(field.Kind == FieldKind.ContentLength && !head.IsChunked))
                continue;
            _request.Append(field.LineIn(source));
            _request.Append("\r\n"u8);
        }

        if (head.IsChunked)
            _request.Append("Transfer-Encoding: chunked\r\n"u8);
        if (head.IsUpgrade)
            _request.Append("Connection: Upgrade\r\nUpgrade: websocket\r\n"u8);
        _request.Append("X-Forwarded-For: "u8);
        _request.Append(forwardedFor);
        _request.Append("\r\nX-Forwarded-Proto: http\r\n"u8);
        if (!host.IsEmpty)
        {
            _request.Append("X-Forwarded-Host: "u8);
            _request.Append(host);
            _request.Append("\r\n"u8);
        }

        _request.Append("\r\n"u8);
    }

    /// <summary>Sends the head that was written, and what there is already of the body.</summary>
    public ValueTask SendHeadAsync(ReadOnlySpan<byte> body)
    {
        (_start, _end, _headEnd, HasAnswered, _isComplete) = (0, 0, 0, false, false);
        _request.Append(body);
        return SendAsync(_request.Written);
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => SocketSending.SendAllAsync(socket, bytes);

    /// <summary>Tells the replica that nothing more comes.</summary>
    public void EndSending() => SocketSending.End(socket);

    /// <summary>Reads the head of the answer, or the next interim one.</summary>
    /// <exception cref="IOException">The replica closed the connection, or did not answer with HTTP/1.1.</exception>
    /// <exception cref="InvalidDataException">The answer is malformed, or ambiguous about its length.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReadHeadAsync(bool isHead)
    {
        _start = _headEnd;
        var looked = 0;
        while (true)
        {
            var length = EndOfHead(_buffer.AsSpan(_start + looked, _end - _start - looked));
            if (length >= 0)
            {
                _headEnd = _start + looked + length;
                break;
            }

            // The end of a head is at most three bytes that were looked at before.
            looked = Math.Max(0, _end - _start - 3);
            if (_end - _start > LongestHead)
                throw new IOException($"The head of its answer is longer than {LongestHead} bytes.");
            if (!await FillAsync())
                throw new IOException("It closed the connection.");
        }

        ParseHead(isHead);
    }

    static int EndOfHead(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf("\r\n\r\n"u8) is >= 0 and var usual)
            text = text[..(usual + 4)];
        for (var at = 0; text[at..].IndexOf((byte)'\n') is >= 0 and var next;)
        {
            at += next + 1;
            if (text[at..].StartsWith("\r\n"u8))
                return at + 2;
            if (text[at..].StartsWith("\n"u8))
                return at + 1;
        }

        return -1;
    }

    void ParseHead(bool isHead)
    {
        var line = _buffer.AsSpan(_start, _headEnd - _start);
        var next = line.IndexOf((byte)'\n') + 1;
        line = line[..(next - 1)];
        if (line is [.., (byte)'\r'])
            line = line[..^1];
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || line[7] is not ((byte)'0' or (byte)'1') || line[8] != ' '
            || !Utf8Parser.TryParse(line.Slice(9, 3), out int code, out var used) || used != 3 || code < 100 || (line.Length > 12 && line[12] != ' '))
            throw new IOException("It did not answer with HTTP/1.1.");
        if (line.ContainsAnyInRange((byte)0, (byte)31))
            throw new InvalidDataException("Its status line has a control character.");
        Code = code;
        _keepsAlive = line[7] == '1';
        (_reasonStart, _reasonEnd) = (_start + Math.Min(13, line.Length), _start + line.Length);
        if (Fields.Parse(_buffer, _start + next, _headEnd, mayEndWithLineFeed: true) is { } fault)
            throw new InvalidDataException($"The head of its answer is malformed: {fault}");
        if (code is >= 200 or StatusCodes.Status101SwitchingProtocols)
            ParseBody(isHead);
    }

    void ParseBody(bool isHead)
    {
        Length = null;
        var isChunked = false;
        foreach (ref readonly var field in Fields.All)
        {
            var value = field.ValueIn(_buffer);
            if (field.Kind == FieldKind.ContentLength)
            {
                if (!RequestHead.TryParseLength(value, out var length) || (Length ?? length) != length)
                    throw new InvalidDataException($"Its Content-Length is '{Encoding.Latin1.GetString(value)}'.");
                Length = length;
            }
            else if (field.Kind == FieldKind.TransferEncoding)
            {
                if (isChunked || !Ascii.EqualsIgnoreCase(value, "chunked"u8))
                    throw new InvalidDataException($"Its Transfer-Encoding is '{Encoding.Latin1.GetString(value)}'.");
                isChunked = true;
            }
        }

        // Of two lengths the chunks are the true one (RFC 9112, section 6.3); what sent both is not trusted with another request.
        if (Fields.HasOption(_buffer, "close"u8) || (isChunked && Length is not null))
            _keepsAlive = false;
        if (isHead || Code is StatusCodes.Status101SwitchingProtocols or StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
        {
            Framing = Framing.None;
            // It should have no body, but nobody can be sure.
            _keepsAlive &= Code is not (StatusCodes.Status205ResetContent or StatusCodes.Status101SwitchingProtocols);
        }
        else
        {
            Framing = isChunked ? Framing.Chunks : Length is null ? Framing.Close : Framing.Length;
        }

        _keepsAlive &= Framing != Framing.Close;
        if (isChunked)
            Length = null;
        _left = Length ?? 0;
        _chunks = default;
        _start = _headEnd;
        _isComplete = Framing == Framing.None || (Framing == Framing.Length && _left == 0);
    }

    /// <summary>Whether the whole answer has been taken.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>What has come of the body and was not taken yet; valid until the next read. Chunks come with their sizes.</summary>
    /// <exception cref="IOException">It is malformed.</exception>
    public ReadOnlyMemory<byte> TakeBody()
    {
        if (_isComplete)
            return default;
        var count = _end - _start;
        switch (Framing)
        {
            case Framing.Length:
                count = (int)Math.Min(count, _left);
                _left -= count;
                _isComplete = _left == 0;
                break;
            case Framing.Chunks:
                count = _chunks.Scan(_buffer.AsSpan(_start, count));
                if (count < 0)
                    throw new IOException("A chunk of its answer is malformed.");
                _isComplete = _chunks.IsDone;
                break;
        }

        var body = _buffer.AsMemory(_start, count);
        _start += count;
        return body;
    }

    /// <summary>What came behind the head when it was no HTTP any more.</summary>
    public ReadOnlyMemory<byte> TakeAll()
    {
        var all = _buffer.AsMemory(_start, _end - _start);
        _start = _end;
        return all;
    }

    /// <summary>Reads more of the body.</summary>
    /// <returns>Whether anything came; not at the end of a body that ends with the connection.</returns>
    /// <exception cref="IOException">It broke off.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadBodyAsync()
    {
        // All that came has been taken: the head is not needed any more.
        var isLarge = _end == _buffer.Length && _buffer.Length < LargeBuffer;
        (_start, _end, _headEnd) = (0, 0, 0);
        if (isLarge)
            _buffer = ArrayPool<byte>.Shared.Rent(LargeBuffer);
        if (await FillAsync())
            return true;
        if (Framing != Framing.Close)
            throw new IOException("It broke off its answer.");
        _isComplete = true;
        return false;
    }

    /// <summary>Gets ready to be kept.</summary>
    public void Rest()
    {
        IsProven |= WasKept;
        WasKept = true;
        IdleSince = Stopwatch.GetTimestamp();
        if (_buffer.Length <= UsualBuffer)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = new byte[UsualBuffer];
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FillAsync()
    {
        if (_end == _buffer.Length)
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start.._end).CopyTo(_buffer);
                (_start, _end, _headEnd) = (0, _end - _start, 0);
            }
            else
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }
        }

        var read = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None);
        if (read == 0)
            return false;
        HasAnswered = true;
        _end += read;
        return true;
    }

    /// <exception cref="IOException">It cannot be reached.</exception>
    public static async ValueTask<UpstreamConnection> ConnectAsync(int port, TimeSpan limit, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timer.CancelAfter(limit);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), timer.Token);
            return new UpstreamConnection(socket);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            throw new IOException("It cannot be reached.", e);
        }
    }
}
