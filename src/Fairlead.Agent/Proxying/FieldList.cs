using System.Buffers;
using System.Text;

namespace Fairlead.Agent;

/// <summary>The fields of one head. Nothing is copied: a buffer that grows keeps them at the same places.</summary>
sealed class FieldList
{
    const int Most = 128;

    static readonly SearchValues<byte> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
    static readonly SearchValues<byte> Forbidden = SearchValues.Create([.. Enumerable.Range(0, 32).Where(x => x != '\t').Select(x => (byte)x), 127]);

    Field[] _fields = new Field[16];
    int _count;
    bool _isAnyNamed;

    public ReadOnlySpan<Field> All => _fields.AsSpan(0, _count);

    /// <summary>Reads lines until the empty one.</summary>
    /// <param name="buffer">Holds the whole head.</param>
    /// <param name="at">Where the first field begins.</param>
    /// <param name="end">Behind the empty line.</param>
    /// <param name="mayEndWithLineFeed">Whether a line may end with a line feed alone. What comes from outside may not: two readers of it could disagree.</param>
    /// <returns>Null, or what is wrong.</returns>
    public string? Parse(byte[] buffer, int at, int end, bool mayEndWithLineFeed)
    {
        (_count, _isAnyNamed) = (0, false);
        while (true)
        {
            var line = buffer.AsSpan(at, end - at);
            var length = line.IndexOf((byte)'\n');
            if (length < 0)
                return "It has no end.";
            var next = at + length + 1;
            line = line[..length];
            if (line is [.., (byte)'\r'])
                line = line[..^1];
            else if (!mayEndWithLineFeed)
                return "A line ends with a line feed alone.";
            if (line.IsEmpty)
                return null;
            // Blanks before the colon and folded lines have been used to hide fields from one of two readers (RFC 9112, sections 5.1 and 5.2).
            var colon = line.IndexOf((byte)':');
            if (colon < 1 || !IsToken(line[..colon]))
                return "A field has no proper name.";
            var value = line[(colon + 1)..];
            if (value.ContainsAny(Forbidden))
                return "A field has a control character.";
            if (_count == Most)
                return $"It has more than {Most} fields.";
            if (_count == _fields.Length)
                Array.Resize(ref _fields, _count * 2);
            var tail = value.TrimEnd(" \t"u8).Length;
            var lead = tail - value[..tail].TrimStart(" \t"u8).Length;
            var kind = HttpRules.KindOf(line[..colon]);
            var start = at + colon + 1;
            _fields[_count++] = new Field(at, colon, start + lead, start + tail, kind);
            if (kind == FieldKind.Connection)
                _isAnyNamed |= NamesFields(value);
            at = next;
        }
    }

    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(Token);

    /// <summary>Whether the Connection field has this word.</summary>
    public bool HasOption(byte[] buffer, ReadOnlySpan<byte> option)
    {
        foreach (var field in All)
        {
            if (field.Kind != FieldKind.Connection)
                continue;
            var value = field.ValueIn(buffer);
            foreach (var part in value.Split((byte)','))
            {
                if (Ascii.EqualsIgnoreCase(value[part].Trim(" \t"u8), option))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether the field goes to the other side as it came.</summary>
    public bool IsPassedOn(in Field field, byte[] buffer) => field.Kind switch
    {
        FieldKind.Passed or FieldKind.Expect => !_isAnyNamed || !HasOption(buffer, field.NameIn(buffer)),
        FieldKind.Protected or FieldKind.Host => true,
        _ => false,
    };

    /// <summary>The value of the only field of this kind; empty when there is none.</summary>
    /// <param name="buffer">Holds the head.</param>
    /// <param name="kind">Which one.</param>
    /// <param name="count">How many there are.</param>
    public ReadOnlySpan<byte> ValueOf(byte[] buffer, FieldKind kind, out int count)
    {
        count = 0;
        ReadOnlySpan<byte> value = [];
        foreach (var field in All)
        {
            if (field.Kind != kind)
                continue;
            count++;
            value = field.ValueIn(buffer);
        }

        return value;
    }

    /// <summary>The value of the first field of this name, or null.</summary>
    public string? ValueOf(byte[] buffer, string name)
    {
        foreach (var field in All)
        {
            if (Ascii.EqualsIgnoreCase(field.NameIn(buffer), name))
                return Encoding.Latin1.GetString(field.ValueIn(buffer));
        }

        return null;
    }

    /// <summary>The value of the first cookie of this name, or null.</summary>
    public string? CookieOf(byte[] buffer, string name)
    {
        foreach (var field in All)
        {
            if (!Ascii.EqualsIgnoreCase(field.NameIn(buffer), "Cookie"u8))
                continue;
            foreach (var pair in Encoding.Latin1.GetString(field.ValueIn(buffer)).Split(';', StringSplitOptions.TrimEntries))
            {
                if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.Ordinal))
                    return pair[(name.Length + 1)..];
            }
        }

        return null;
    }

    static bool NamesFields(ReadOnlySpan<byte> value)
    {
        foreach (var part in value.Split((byte)','))
        {
            var name = value[part].Trim(" \t"u8);
            if (!name.IsEmpty && !Ascii.EqualsIgnoreCase(name, "close"u8) && !Ascii.EqualsIgnoreCase(name, "keep-alive"u8))
                return true;
        }

        return false;
    }
}
