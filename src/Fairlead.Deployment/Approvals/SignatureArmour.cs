using System.Text;

namespace Fairlead.Deployment;

/// <summary>
/// The one form of a signature's text (PROTOCOL.sshsig of OpenSSH: base64 in lines of 70 characters between two marks). Readers forgive white space
/// and padding and older version numbers; what was changed in any way must not count, so that nothing but this form does.
/// </summary>
static class SignatureArmour
{
    const string Head = "-----BEGIN SSH SIGNATURE-----";
    const string Foot = "-----END SSH SIGNATURE-----";
    const int Width = 70;
    const int Longest = 64 * 1024;

    static ReadOnlySpan<byte> Start => "SSHSIG\0\0\0\u0001"u8;

    /// <summary>The text in its one form, or null when it is no signature.</summary>
    public static string? Normalise(string text)
    {
        if (text.Length > Longest)
            return null;
        var lines = text.ReplaceLineEndings("\n").Trim().Split('\n');
        if (lines.Length < 3 || lines[0] != Head || lines[^1] != Foot)
            return null;
        var packed = string.Concat(lines[1..^1]);
        var bytes = new byte[packed.Length];
        if (!Convert.TryFromBase64String(packed, bytes, out var length) || !bytes.AsSpan(0, length).StartsWith(Start))
            return null;
        var whole = Convert.ToBase64String(bytes.AsSpan(0, length));
        var result = new StringBuilder(Head).Append('\n');
        for (var i = 0; i < whole.Length; i += Width)
            result.Append(whole.AsSpan(i, Math.Min(Width, whole.Length - i))).Append('\n');
        return result.Append(Foot).Append('\n').ToString();
    }

    public static bool IsWhole(string text) => Normalise(text) == text;
}
