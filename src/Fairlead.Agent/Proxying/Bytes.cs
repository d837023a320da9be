namespace Fairlead.Agent;

/// <summary>Bytes that are written to be sent. The array is kept from one message to the next.</summary>
struct Bytes
{
    const int Smallest = 2048;

    byte[]? _array;

    public int Count { get; private set; }

    public readonly ReadOnlyMemory<byte> Written => _array.AsMemory(0, Count);

    public void Clear() => Count = 0;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_array is null || Count + bytes.Length > _array.Length)
            Array.Resize(ref _array, Math.Max(Math.Max((_array?.Length ?? 0) * 2, Count + bytes.Length), Smallest));
        bytes.CopyTo(_array.AsSpan(Count));
        Count += bytes.Length;
    }

    public void Append(long number, ReadOnlySpan<char> format = default)
    {
        Span<byte> digits = stackalloc byte[20];
        number.TryFormat(digits, out var length, format, System.Globalization.CultureInfo.InvariantCulture);
        Append(digits[..length]);
    }
}
