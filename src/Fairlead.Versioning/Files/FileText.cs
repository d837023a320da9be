using System.Text;

namespace Fairlead.Versioning;

/// <summary>The text of a file, and how it goes back into exactly the bytes that it came from.</summary>
/// <param name="Text">The text without a byte order mark.</param>
/// <param name="Encoding">Its encoding.</param>
/// <param name="HasMark">Whether a byte order mark stands before it.</param>
sealed record FileText(string Text, Encoding Encoding, bool HasMark)
{
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    /// <summary>UTF-8 or UTF-16 by its mark, otherwise UTF-8; bytes that are no UTF-8 are kept one by one (Latin-1).</summary>
    public static FileText Of(byte[] bytes)
    {
        foreach (var encoding in (Encoding[])[Utf8, new UnicodeEncoding(bigEndian: false, byteOrderMark: true), new UnicodeEncoding(bigEndian: true, byteOrderMark: true)])
        {
            if (bytes.AsSpan().StartsWith(encoding.Preamble) && TryRead(bytes[encoding.Preamble.Length..], encoding) is { } text)
                return new FileText(text, encoding, HasMark: true);
        }

        return TryRead(bytes, Utf8) is { } plain ? new FileText(plain, Utf8, HasMark: false) : new FileText(Encoding.Latin1.GetString(bytes), Encoding.Latin1, HasMark: false);
    }

    /// <summary>The bytes of another text in the same encoding.</summary>
    public byte[] Bytes(string text) => HasMark ? [.. Encoding.Preamble, .. Encoding.GetBytes(text)] : Encoding.GetBytes(text);

    // Only what comes back the same is left to an encoding.
    static string? TryRead(byte[] bytes, Encoding encoding)
    {
        try
        {
            var text = encoding.GetString(bytes);
            return encoding.GetBytes(text).AsSpan().SequenceEqual(bytes) ? text : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
