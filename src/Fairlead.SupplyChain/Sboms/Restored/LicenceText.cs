using System.Security.Cryptography;
using System.Text;

namespace Fairlead.SupplyChain;

/// <summary>The text of a licence as it comes with a package.</summary>
/// <param name="Text">The text; line ends and trailing blanks are no part of it, so that one text has one name.</param>
sealed record LicenceText(string Text)
{
    const int MaximumLength = 200_000;

    // SHA-256 over the letters and digits alone, in lower case: of what follows the notices, up to the appendix.
    const string Mit = "81a61d35f6891e560d80c95e831624d3270eb7ccf5f492522851169cb355ddab";
    const string Apache = "d96d1bbb9b078dbed4d082b369a58e6e497b0b3c15db80f1c233a6346400d815";

    /// <summary>Reads a file; null when it is not there, or too long for a licence.</summary>
    public static LicenceText? Read(string file)
    {
        var info = new FileInfo(file);
        return info.Exists && info.Length <= MaximumLength ? new LicenceText(string.Join('\n', File.ReadAllText(file).Split('\n').Select(x => x.TrimEnd())).Trim()) : null;
    }

    /// <summary>The id of the licence when the text is that licence word by word; otherwise a reference with the text's hash.</summary>
    public string Expression => Known() ?? $"LicenseRef-sha256-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)).AsSpan(0, 8))}";

    /// <summary>The first copyright notice in it, or null.</summary>
    public string? Notice => Text.Split('\n').Select(x => x.Trim())
        .FirstOrDefault(x => x.StartsWith('©') || (x.StartsWith("Copyright ", StringComparison.OrdinalIgnoreCase) && (x.Any(char.IsAsciiDigit) || x.Contains('©', StringComparison.Ordinal) || x.Contains("(c)", StringComparison.OrdinalIgnoreCase))));

    string? Known()
    {
        var letters = new string([.. Text.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant)]);
        if (Part(letters, "permissionisherebygranted", null) is { } permission && Hash(permission) == Mit)
            return "MIT";
        return Part(letters, "apachelicenseversion20", "endoftermsandconditions") is { } terms && Hash(terms) == Apache ? "Apache-2.0" : null;
    }

    static string? Part(string text, string from, string? to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal);
        var end = to is null ? text.Length : text.IndexOf(to, StringComparison.Ordinal);
        return start >= 0 && end > start ? text[start..end] : null;
    }

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
}
