using System.Buffers.Text;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>Takes the output of <c>git cat-file --batch</c> apart: a line <c>id type size</c>, that many bytes, a line feed; or <c>id missing</c>.</summary>
/// <param name="onObject">Called with the content of each object, in order; not at all for one that is missing, and for none behind it.</param>
sealed class BatchedObjects(OutputBytes onObject)
{
    byte[] _buffer = new byte[65_536];
    int _length;
    bool _missed;

    public void Add(ReadOnlySpan<byte> output)
    {
        if (_length + output.Length > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + output.Length));
        output.CopyTo(_buffer.AsSpan(_length));
        _length += output.Length;

        var taken = 0;
        while (!_missed && Next(_buffer.AsSpan(taken, _length - taken)) is var used and > 0)
            taken += used;
        _buffer.AsSpan(taken, _length - taken).CopyTo(_buffer);
        _length -= taken;
    }

    int Next(ReadOnlySpan<byte> rest)
    {
        var line = rest.IndexOf((byte)'\n');
        if (line < 0)
            return 0;
        var header = rest[..line];
        if (!Utf8Parser.TryParse(header[(header.LastIndexOf((byte)' ') + 1)..], out int size, out _))
        {
            _missed = true;
            return 0;
        }

        if (rest.Length < line + 1 + size + 1)
            return 0;
        onObject(rest.Slice(line + 1, size));
        return line + 1 + size + 1;
    }
}
