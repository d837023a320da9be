using System.Runtime.InteropServices;

namespace Fairlead.Agent;

/// <summary>One line of a head, as places in the buffer that holds it.</summary>
/// <param name="Start">Where the name begins.</param>
/// <param name="NameLength">In bytes.</param>
/// <param name="Value">Where the value begins, without blanks before it.</param>
/// <param name="End">Where the value ends, without blanks after it.</param>
/// <param name="Kind">What to do with it.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct Field(int Start, int NameLength, int Value, int End, FieldKind Kind)
{
    public ReadOnlySpan<byte> NameIn(byte[] buffer) => buffer.AsSpan(Start, NameLength);

    public ReadOnlySpan<byte> ValueIn(byte[] buffer) => buffer.AsSpan(Value, End - Value);

    public ReadOnlySpan<byte> LineIn(byte[] buffer) => buffer.AsSpan(Start, End - Start);
}
