using System.Runtime.InteropServices;

namespace Fairlead.Agent;

/// <summary>
/// Finds the end of a body in chunks, while it is passed on byte for byte in whatever pieces it comes. Strict (RFC 9112, section 7.1): no
/// line feed alone, no blanks before a size, no size beyond what a number holds.
/// </summary>
[StructLayout(LayoutKind.Auto)]
struct ChunkScanner
{
    const int LongestLine = 4096;
    const int LongestTrailers = 32 * 1024;
    const int MostDigits = 15;

    State _state;
    long _left;
    int _length;
    int _total;

    enum State
    {
        FirstDigit,
        Digits,
        Extension,
        SizeEnd,
        Data,
        DataReturn,
        DataEnd,
        TrailerStart,
        Trailer,
        TrailerEnd,
        LastEnd,
        Done,
    }

    public readonly bool IsDone => _state == State.Done;

    /// <summary>Looks at more bytes.</summary>
    /// <returns>How many of them belong to the body; -1 when they are malformed.</returns>
    public int Scan(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            if (_state == State.Done)
                return at;
            if (_state == State.Data)
            {
                var now = (int)Math.Min(_left, bytes.Length - at);
                at += now;
                _left -= now;
                if (_left == 0)
                    _state = State.DataReturn;
                continue;
            }

            if (!Step(bytes[at++]))
                return -1;
        }

        return bytes.Length;
    }

    static uint DigitOf(byte value) => value <= '9' ? value - (uint)'0' : (value | 0x20u) - 'a' + 10;

    bool Step(byte value)
    {
        switch (_state)
        {
            case State.FirstDigit or State.Digits when char.IsAsciiHexDigit((char)value):
                if (_state == State.FirstDigit)
                    (_left, _length) = (0, 0);
                _state = State.Digits;
                _left = (_left << 4) | DigitOf(value);
                return ++_length <= MostDigits;
            case State.Digits when value is (byte)';' or (byte)' ' or (byte)'\t':
                _state = State.Extension;
                return true;
            case State.Extension when value is >= 32 and not 127 or (byte)'\t':
                return ++_length <= LongestLine;
            case State.Digits or State.Extension when value == '\r':
                _state = State.SizeEnd;
                return true;
            case State.SizeEnd when value == '\n':
                _state = _left == 0 ? State.TrailerStart : State.Data;
                return true;
            case State.DataReturn when value == '\r':
                _state = State.DataEnd;
                return true;
            case State.DataEnd when value == '\n':
                _state = State.FirstDigit;
                return true;
            case State.TrailerStart when value == '\r':
                _state = State.LastEnd;
                return true;
            // No folded line, and no line without a name.
            case State.TrailerStart when value is > 32 and not 127 and not (byte)':':
                _state = State.Trailer;
                return ++_total <= LongestTrailers;
            case State.Trailer when value is >= 32 and not 127 or (byte)'\t':
                return ++_total <= LongestTrailers;
            case State.Trailer when value == '\r':
                _state = State.TrailerEnd;
                return true;
            case State.TrailerEnd when value == '\n':
                _state = State.TrailerStart;
                return true;
            case State.LastEnd when value == '\n':
                _state = State.Done;
                return true;
            default:
                return false;
        }
    }
}
