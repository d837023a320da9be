using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace Fairlead.Agent;

/// <summary>A client's connection: reads one request after the other, and writes what the forwarder answers.</summary>
/// <remarks>
/// Reading, answering and passing a body on are sequential, but for two things that go on meanwhile: a body on its way to the replica
/// (<see cref="PumpAsync"/>), and the reading ahead that notices when the client leaves. Whoever finds first that the other side has gone
/// ends the connection to the replica, which wakes all that waits for it.
/// </remarks>
sealed class ClientConnection : IDisposable
{
    const int Idle = 0;
    const int Busy = 1;
    const int Closed = 2;

    const int LongestHead = 32 * 1024;
    const int UsualBuffer = 4096;
    const int LargeBuffer = 64 * 1024;
    const int SmallBody = 16 * 1024;

    // As Kestrel has them: a head must come whole in this time, and a connection may rest so long.
    static readonly TimeSpan HeadLimit = TimeSpan.FromSeconds(30);
    static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(130);

    // What still comes from a client when all has been said is read for so long, because closing before that would take the answer away.
    static readonly TimeSpan LingerLimit = TimeSpan.FromSeconds(5);

    // A tunnel of which one direction has ended.
    static readonly TimeSpan HalfOpenLimit = TimeSpan.FromSeconds(30);

    readonly Socket _socket;
    readonly ReadAhead _ahead;
    readonly TimeProvider _time;
    readonly byte[] _forwardedFor;
    byte[] _in = new byte[UsualBuffer];
    int _start;
    int _end;
    Bytes _out;
    int _state;
    long _deadline;
    UpstreamConnection? _upstream;
    volatile bool _hasLeft;
    volatile bool _isTunnel;
    volatile bool _discards;
    Task? _pump;
    int _kept;
    long _bodyLeft;
    ChunkScanner _chunks;
    volatile bool _isBodyRead;

    public ClientConnection(Socket socket, TimeProvider time)
    {
        _socket = socket;
        _time = time;
        _ahead = new ReadAhead(Ended);
        _forwardedFor = Encoding.ASCII.GetBytes(socket.RemoteEndPoint is IPEndPoint { Address: var address } ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString() : "unknown");
    }

    public RequestHead Head { get; } = new();

    /// <summary>What holds the head.</summary>
    public byte[] Buffer => _in;

    /// <summary>Whether the client has closed its side, or is gone.</summary>
    public bool HasLeft => _hasLeft;

    /// <summary>Whether some of the body cannot be sent a second time.</summary>
    public bool IsBodyGone { get; private set; }

    /// <summary>Whether the body turned out to be malformed.</summary>
    public bool IsBodyMalformed { get; private set; }

    /// <summary>Whether anything of an answer has been written.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Whether the connection is closed after this answer.</summary>
    public bool Closes { get; set; }

    public void Dispose()
    {
        _socket.Dispose();
        Interlocked.Exchange(ref _upstream, null)?.Break();
    }

    /// <summary>Closes it when no request is under way.</summary>
    public void CloseIfIdle()
    {
        if (Interlocked.CompareExchange(ref _state, Closed, Idle) == Idle)
            SocketSending.Break(_socket);
    }

    /// <summary>Ends it when the client took longer than it may.</summary>
    public void CloseIfLate(long now)
    {
        if (Volatile.Read(ref _deadline) is not 0 and var deadline && now >= deadline)
        {
            SocketSending.Break(_socket);
            Interlocked.Exchange(ref _upstream, null)?.Break();
        }
    }

    /// <summary>Serves requests until one side closes.</summary>
    /// <param name="forwarder">Who answers now.</param>
    /// <param name="isStopping">Whether no further request is to come on this connection.</param>
    public async Task ServeAsync(Func<Forwarder> forwarder, Func<bool> isStopping)
    {
        try
        {
            while (await ReadHeadAsync() is { } code)
            {
                (IsBodyGone, IsBodyMalformed, HasAnswered) = (false, false, false);
                if (code == 0)
                {
                    Closes = !Head.KeepsAlive || isStopping();
                    await forwarder().HandleAsync(this);
                }
                else
                {
                    Closes = true;
                    (_bodyLeft, _isBodyRead) = (0, true);
                    await RefuseAsync(code, Head.Fault);
                }

                _start += _kept;
                _kept = 0;
                if (_pump is not null && _isBodyRead && !_isTunnel)
                {
                    // Only its last bytes are on their way, or nobody takes them any more.
                    await _pump;
                    _pump = null;
                }

                if (_pump is not null || !_isBodyRead || Closes || HasLeft)
                {
                    await LingerAsync();
                    return;
                }

                Interlocked.CompareExchange(ref _state, Idle, Busy);
                if (isStopping())
                    CloseIfIdle();
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // It has gone.
        }
        finally
        {
            Dispose();
            if (_ahead.IsBegun)
                await _ahead.WaitAsync();
            _ahead.Dispose();
        }
    }

    /// <returns>0 for a head that can be used, a status code to refuse it with, or null at the end.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    async ValueTask<int?> ReadHeadAsync()
    {
        Expect(IdleLimit);
        var looked = 0;
        while (true)
        {
            if (_end > _start)
            {
                if (Volatile.Read(ref _state) == Idle)
                {
                    if (Interlocked.CompareExchange(ref _state, Busy, Idle) != Idle)
                        return null;
                    Expect(HeadLimit);
                }

                // An empty line before a request is the rest of a body that some clients wrote too long (RFC 9112, section 2.2).
                if (looked == 0 && _end - _start >= 2 && _in[_start] == '\r' && _in[_start + 1] == '\n')
                {
                    _start += 2;
                    continue;
                }

                var text = _in.AsSpan(_start + looked, _end - _start - looked);
                var length = text.IndexOf("\n\r\n"u8);
                length = length >= 0 ? length + 3 : text.IndexOf("\n\n"u8) is >= 0 and var bare ? bare + 2 : -1;
                if (length >= 0)
                {
                    length += looked;
                    Volatile.Write(ref _deadline, 0);
                    if (length > LongestHead)
                        return StatusCodes.Status431RequestHeaderFieldsTooLarge;
                    var code = Head.Parse(_in, _start, _start + length);
                    _start += length;
                    (_bodyLeft, _chunks, _isBodyRead) = (Head.Length, default, !Head.HasBody);
                    return code;
                }

                looked = Math.Max(0, _end - _start - 2);
                if (_end - _start > LongestHead)
                    return StatusCodes.Status431RequestHeaderFieldsTooLarge;
            }

            if (!_ahead.IsBegun)
                MakeRoom();
            if (!await FillAsync())
                return null;
        }
    }

    /// <summary>Before a head: nothing in the buffer is needed but what was not read yet.</summary>
    void MakeRoom()
    {
        if (_start > 0)
        {
            _in.AsSpan(_start.._end).CopyTo(_in);
            (_start, _end) = (0, _end - _start);
            if (_end == 0 && _in.Length > UsualBuffer)
                _in = new byte[UsualBuffer];
        }

        if (_end == _in.Length)
            Array.Resize(ref _in, _in.Length * 2);
    }

    void Expect(TimeSpan limit) => Volatile.Write(ref _deadline, _time.GetTimestamp() + (long)(limit.TotalSeconds * _time.TimestampFrequency));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    async ValueTask<bool> FillAsync()
    {
        if (!_ahead.IsBegun)
            _ahead.Begin(_socket, _in.AsMemory(_end));
        var read = await _ahead.WaitAsync();
        if (read <= 0)
            return false;
        _end += read;
        return true;
    }

    /// <summary>Called when the client has closed its side or is gone. As nginx does, this counts as having left: there is no telling it apart.</summary>
    void Ended()
    {
        _hasLeft = true;
        if (_isTunnel)
        {
            Expect(HalfOpenLimit);
            Volatile.Read(ref _upstream)?.EndSending();
        }
        else
        {
            Interlocked.Exchange(ref _upstream, null)?.Break();
        }
    }

    /// <summary>Sends the request.</summary>
    /// <exception cref="IOException">The client has left.</exception>
    public ValueTask SendToAsync(UpstreamConnection upstream)
    {
        Interlocked.Exchange(ref _upstream, upstream);
        if (_hasLeft)
            throw new IOException("The client has left.");
        upstream.WriteHead(Head, _in, _forwardedFor);
        var here = _end - _start;
        // Without the whole of it at hand the rest is read while the answer may be coming already.
        if (Head.IsChunked || Head.Length > Math.Min(here, SmallBody))
            return SendWithPumpAsync(upstream);
        // A body that is all there stays in the buffer until the request is answered, so that it can be sent again.
        (_isBodyRead, _kept) = (true, (int)Head.Length);
        ReadOn();
        return upstream.SendHeadAsync(_in.AsSpan(_start, _kept));
    }

    async ValueTask SendWithPumpAsync(UpstreamConnection upstream)
    {
        await upstream.SendHeadAsync([]);
        IsBodyGone = true;
        _pump = PumpAsync(upstream);
    }

    /// <summary>
    /// Reads ahead, to notice when the client leaves. Not for one that has sent its next request already: that one is answered to the end.
    /// </summary>
    void ReadOn()
    {
        if (_ahead.IsBegun || _start + _kept < _end)
            return;
        if (_end == _in.Length)
            Array.Resize(ref _in, _in.Length * 2);
        _ahead.Begin(_socket, _in.AsMemory(_end));
    }

    /// <summary>Takes the connection to the replica back from the request.</summary>
    /// <returns>False when it was ended because the client left.</returns>
    public bool Detach()
    {
        var mine = Interlocked.Exchange(ref _upstream, null) is not null;
        if (_pump is { IsCompleted: true })
            _pump = null;
        // What is still reading the client's body must not be left with a connection that another request uses.
        return mine && _pump is null && _isBodyRead;
    }

    /// <summary>Passes the body on, or reads and discards it once it is of no use.</summary>
    async Task PumpAsync(UpstreamConnection upstream)
    {
        var begin = _start;
        try
        {
            while (true)
            {
                var count = TakeBody();
                if (count < 0)
                {
                    IsBodyMalformed = true;
                    Interlocked.Exchange(ref _upstream, null)?.Break();
                    return;
                }

                if (count > 0 && !_discards)
                {
                    try
                    {
                        await upstream.SendAsync(_in.AsMemory(_start, count));
                    }
                    catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
                    {
                        // It may have answered before, and the answer is what counts.
                        _discards = true;
                    }
                }

                _start += count;
                if (_isBodyRead)
                {
                    ReadOn();
                    return;
                }

                (_start, _end) = (begin, begin);
                if (count >= _in.Length - begin && _in.Length < LargeBuffer)
                    Array.Resize(ref _in, begin + LargeBuffer);
                if (_in.Length == begin)
                    Array.Resize(ref _in, begin + UsualBuffer);
                if (!await FillAsync())
                    return;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The connection is being closed.
        }
    }

    /// <returns>How many of the bytes at hand belong to the body; -1 when they are malformed.</returns>
    int TakeBody()
    {
        var here = _end - _start;
        if (Head.IsChunked)
        {
            here = _chunks.Scan(_in.AsSpan(_start, here));
            _isBodyRead = _chunks.IsDone;
            return here;
        }

        here = (int)Math.Min(here, _bodyLeft);
        _bodyLeft -= here;
        _isBodyRead = _bodyLeft == 0;
        return here;
    }

    /// <summary>Passes an interim answer (RFC 9110, section 15.2) on.</summary>
    public ValueTask SendInterimAsync(UpstreamConnection upstream)
    {
        if (Head.IsOld)
            return default;
        _out.Clear();
        WriteStatus(upstream.Code, upstream.Reason);
        WriteFields(upstream);
        _out.Append("\r\n"u8);
        return SocketSending.SendAllAsync(_socket, _out.Written);
    }

    /// <summary>Passes the answer on as it comes.</summary>
    /// <exception cref="IOException">One of both sides broke off.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAnswerAsync(UpstreamConnection upstream, string? newCookie)
    {
        if (upstream.Framing == Framing.Chunks && Head.IsOld)
            throw new InvalidDataException("It answered in chunks to a client that does not know them.");
        var rechunks = upstream.Framing == Framing.Close && !Head.IsOld;
        WriteHead(upstream, newCookie, rechunks);
        HasAnswered = true;
        while (true)
        {
            var body = upstream.TakeBody();
            var came = body.Length;
            if (rechunks && came > 0)
            {
                _out.Append(came, "x");
                _out.Append("\r\n"u8);
            }

            if (_out.Count + body.Length <= SmallBody)
            {
                _out.Append(body.Span);
                body = default;
            }
            else if (_out.Count > 0)
            {
                await SocketSending.SendAllAsync(_socket, _out.Written);
                _out.Clear();
            }

            if (!body.IsEmpty)
                await SocketSending.SendAllAsync(_socket, body);
            if (rechunks && came > 0)
                _out.Append("\r\n"u8);
            if (upstream.IsComplete)
                break;
            if (_out.Count > 0)
            {
                await SocketSending.SendAllAsync(_socket, _out.Written);
                _out.Clear();
            }

            await upstream.ReadBodyAsync();
        }

        if (rechunks)
            _out.Append("0\r\n\r\n"u8);
        if (_out.Count > 0)
            await SocketSending.SendAllAsync(_socket, _out.Written);
    }

    void WriteHead(UpstreamConnection upstream, string? newCookie, bool rechunks)
    {
        if (!_isBodyRead || (Head.IsOld && upstream.Framing == Framing.Close))
            Closes = true;
        _out.Clear();
        WriteStatus(upstream.Code, upstream.Reason);
        WriteFields(upstream);
        if (newCookie is not null)
        {
            _out.Append("Set-Cookie: "u8);
            _out.Append(Encoding.ASCII.GetBytes(newCookie));
            _out.Append("\r\n"u8);
        }

        if (upstream.Code == StatusCodes.Status101SwitchingProtocols)
        {
            _out.Append("Connection: Upgrade\r\nUpgrade: "u8);
            _out.Append(upstream.Fields.ValueOf(upstream.Buffer, FieldKind.Upgrade, out _));
            _out.Append("\r\n\r\n"u8);
            return;
        }

        if (upstream.Framing == Framing.Chunks || rechunks)
        {
            _out.Append("Transfer-Encoding: chunked\r\n"u8);
        }
        else if (upstream.Length is { } length && upstream.Code is not StatusCodes.Status204NoContent)
        {
            _out.Append("Content-Length: "u8);
            _out.Append(length);
            _out.Append("\r\n"u8);
        }
        else if (upstream.Code == StatusCodes.Status205ResetContent)
        {
            _out.Append("Content-Length: 0\r\n"u8);
        }

        WriteConnection();
        _out.Append("\r\n"u8);
    }

    void WriteConnection()
    {
        if (Closes)
            _out.Append("Connection: close\r\n"u8);
        else if (Head.IsOld)
            _out.Append("Connection: keep-alive\r\n"u8);
    }

    void WriteStatus(int code, ReadOnlySpan<byte> reason)
    {
        _out.Append("HTTP/1.1 "u8);
        _out.Append(code);
        _out.Append(" "u8);
        _out.Append(reason);
        _out.Append("\r\n"u8);
    }

    void WriteFields(UpstreamConnection upstream)
    {
        var buffer = upstream.Buffer;
        foreach (ref readonly var field in upstream.Fields.All)
        {
            // Where a request came from is said by proxies only, but in an answer such a field is none of this one's business.
            if (field.Kind != FieldKind.Origin && !upstream.Fields.IsPassedOn(field, buffer))
                continue;
            _out.Append(field.LineIn(buffer));
            _out.Append("\r\n"u8);
        }
    }

    /// <summary>Answers in the proxy's own name.</summary>
    public ValueTask RefuseAsync(int code, string message)
    {
        Closes |= !_isBodyRead;
        HasAnswered = true;
        _out.Clear();
        WriteStatus(code, Encoding.ASCII.GetBytes(Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(code)));
        _out.Append("Content-Type: text/plain; charset=utf-8\r\nDate: "u8);
        _out.Append(Encoding.ASCII.GetBytes(_time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture)));
        var text = Encoding.UTF8.GetBytes(message);
        _out.Append("\r\nContent-Length: "u8);
        _out.Append(text.Length);
        _out.Append("\r\n"u8);
        WriteConnection();
        _out.Append("\r\n"u8);
        if (!Head.IsHead)
            _out.Append(text);
        return SocketSending.SendAllAsync(_socket, _out.Written);
    }

    /// <summary>Breaks the connection off: only so does a client learn that an answer that has begun does not end as it should.</summary>
    public void Abort()
    {
        Closes = true;
        // Where the end of the connection is the end of the answer, only a reset tells that this was not all.
        if (Head.IsOld)
            SocketSending.Reset(_socket);
        else
            SocketSending.End(_socket);
    }

    /// <summary>After 101: bytes flow both ways until the replica ends, or some time after the client did.</summary>
    public async ValueTask TunnelAsync(UpstreamConnection upstream)
    {
        Closes = true;
        _isTunnel = true;
        _pump = PumpTunnelAsync(upstream);
        while (true)
        {
            var bytes = upstream.TakeAll();
            if (!bytes.IsEmpty)
                await SocketSending.SendAllAsync(_socket, bytes);
            if (!await upstream.FillAsync())
                return;
        }
    }

    async Task PumpTunnelAsync(UpstreamConnection upstream)
    {
        try
        {
            do
            {
                if (_end > _start && !_discards)
                    await upstream.SendAsync(_in.AsMemory(_start, _end - _start));
                if (!_ahead.IsBegun)
                    (_start, _end) = (0, 0);
                else
                    _start = _end;
            }
            while (await FillAsync());
            if (!_discards)
                upstream.EndSending();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // One side has gone: that is how tunnels end.
        }
    }

    /// <summary>Closes in such a way that what was sent arrives: what still comes is read for a while.</summary>
    async ValueTask LingerAsync()
    {
        _discards = true;
        Expect(LingerLimit);
        Interlocked.CompareExchange(ref _state, Idle, Busy);
        SocketSending.End(_socket);
        if (_pump is not null)
            await _pump;
        do
        {
            if (!_ahead.IsBegun)
                (_start, _end) = (0, 0);
        }
        while (!HasLeft && await FillAsync());
    }
}
