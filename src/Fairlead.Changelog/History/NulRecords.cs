namespace Fairlead.Changelog;

/// <summary>Divides a stream of bytes, which comes in parts of any size, into records of a fixed number of fields, each ended with NUL. Looks at each byte once.</summary>
/// <param name="fields">How many fields a record has.</param>
/// <param name="take">Takes each record as soon as it is complete.</param>
sealed class NulRecords(int fields, TakeRecord take)
{
    readonly Range[] _fields = new Range[fields];
    byte[] _bytes = new byte[1 << 17];
    int _start;
    int _seen;
    int _end;
    int _field;
    int _fieldStart;

    public void Add(ReadOnlySpan<byte> part)
    {
        MakeRoom(part.Length);
        part.CopyTo(_bytes.AsSpan(_end));
        _end += part.Length;
        while (_bytes.AsSpan(_seen.._end).IndexOf((byte)0) is >= 0 and var length)
        {
            _seen += length;
            _fields[_field++] = (_fieldStart - _start)..(_seen - _start);
            _fieldStart = ++_seen;
            if (_field < _fields.Length)
                continue;
            take(_bytes.AsSpan(_start.._seen), _fields);
            (_start, _field) = (_seen, 0);
        }

        _seen = _end;
    }

    /// <summary>Nothing follows.</summary>
    /// <exception cref="InvalidDataException">A record has begun and is not complete.</exception>
    public void Complete()
    {
        if (_start < _end)
            throw new InvalidDataException("The output of git log ends in the middle of a commit.");
    }

    void MakeRoom(int length)
    {
        if (_end + length <= _bytes.Length)
            return;
        var kept = _bytes.AsSpan(_start.._end);
        if (kept.Length + length > _bytes.Length / 2)
        {
            var larger = new byte[Math.Max(_bytes.Length * 2, (kept.Length + length) * 2)];
            kept.CopyTo(larger);
            _bytes = larger;
        }
        else
        {
            kept.CopyTo(_bytes);
        }

        (_seen, _end, _fieldStart, _start) = (_seen - _start, _end - _start, _fieldStart - _start, 0);
    }
}
