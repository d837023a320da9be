using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Fairlead.IntegrationTests;

/// <summary>Reads HTTP/1.1 messages from a socket, with as little effort as possible: load must not starve what it loads.</summary>
sealed class WireReader(Socket socket)
{
    static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();
    static readonly byte[] LineEnd = "\r\n"u8.ToArray();

    byte[] _buffer = new byte[8192];
    int _start;
    int _end;

    /// <summary>The start line and header of the next message, or null when the other side has closed in good order.</summary>
    public async ValueTask<string?> ReadHeadAsync()
    {
        var length = await FindAsync(HeadEnd, mayEnd: true);
        return length < 0 ? null : Take(length);
    }

    /// <summary>The body that belongs to this head.</summary>
    public async ValueTask<string> ReadBodyAsync(string head)
    {
        if (Field(head, "Content-Length") is { } length)
            return await ReadAsync(int.Parse(length, CultureInfo.InvariantCulture));
        if (Field(head, "Transfer-Encoding") is null)
            return "";
        var body = new StringBuilder();
        while (true)
        {
            var size = int.Parse(Take(await FindAsync(LineEnd, mayEnd: false)).TrimEnd(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.Append(await ReadAsync(size));
            await ReadAsync(LineEnd.Length);
            if (size == 0)
                return body.ToString();
        }
    }

    static string? Field(string head, string name)
    {
        var at = head.IndexOf($"\r\n{name}: ", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        at += name.Length + 4;
        return head[at..head.IndexOf('\r', at)];
    }

    async ValueTask<string> ReadAsync(int count)
    {
        while (_end - _start < count)
            await FillAsync();
        return Take(count);
    }

    async ValueTask<int> FindAsync(byte[] what, bool mayEnd)
    {
        while (true)
        {
            var at = _buffer.AsSpan(_start.._end).IndexOf(what);
            if (at >= 0)
                return at + what.Length;
            var before = _end - _start;
            if (!await TryFillAsync())
            {
                if (mayEnd && before == 0)
                    return -1;
                throw new IOException("The connection ended within a message.");
            }
        }
    }

    async ValueTask FillAsync()
    {
        if (!await TryFillAsync())
            throw new IOException("The connection ended within a message.");
    }

    async ValueTask<bool> TryFillAsync()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = await socket.ReceiveAsync(_buffer.AsMemory(_end));
        _end += read;
        return read > 0;
    }

    string Take(int count)
    {
        var text = Encoding.Latin1.GetString(_buffer.AsSpan(_start, count));
        _start += count;
        return text;
    }
}
