using System.Text;

namespace Fairlead.Tooling;

/// <summary>Makes lines of bytes that come in pieces: UTF-8, lines ended by LF, CR or CR LF, a byte order mark at the start left out.</summary>
sealed class LineSplitter(Action<string> onLine)
{
    readonly Decoder _decoder = new UTF8Encoding(false).GetDecoder();
    readonly StringBuilder _line = new();
    bool _started;
    bool _afterReturn;

    public void Add(ReadOnlySpan<byte> bytes) => Decode(bytes, flush: false);

    /// <summary>What stands after the last line ending is a line too.</summary>
    public void Complete()
    {
        Decode([], flush: true);
        if (_line.Length > 0)
            End();
    }

    void Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        var characters = new char[_decoder.GetCharCount(bytes, flush)];
        _decoder.GetChars(bytes, characters, flush);
        foreach (var character in characters)
        {
            var first = !_started;
            _started = true;
            switch (character)
            {
                case '\n' when _afterReturn:
                case '\uFEFF' when first:
                    break;
                case '\n' or '\r':
                    End();
                    break;
                default:
                    _line.Append(character);
                    break;
            }

            _afterReturn = character == '\r';
        }
    }

    void End()
    {
        onLine(_line.ToString());
        _line.Clear();
    }
}
