using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Fairlead.SupplyChain;

/// <summary>The text of a licence as it comes with a package.</summary>
/// <param name="Text">The text; line ends and trailing blanks are no part of it, so that one text has one name.</param>
sealed partial record LicenceText(string Text)
{
    const int MaximumLength = 200_000;

    // SHA-256 over the letters and digits alone, in lower case: of what follows the notices, up to the appendix.
    const string Mit = "81a61d35f6891e560d80c95e831624d3270eb7ccf5f492522851169cb355ddab";
    const string Apache = "d96d1bbb9b078dbed4d082b369a58e6e497b0b3c15db80f1c233a6346400d815";

    const string AppendixBeginning = "6a18463939edcd96ca683231b714517384d9db566617b7738db28fc7e1e5134f";
    const string AppendixEnd = "d39939c35ea12350320a4a4030577606912b138b59455ec554897ca594d02e84";
    const int MaximumNotice = 120;

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
        var text = Words(Text);
        if (From("permissionisherebygranted") is { } permission && permission.IsAlone && Hash(permission.Letters) == Mit)
            return "MIT";
        const string End = "endoftermsandconditions";
        if (From("apachelicenseversion20") is not { IsAlone: true, Letters: var apache } || apache.IndexOf(End, StringComparison.Ordinal) is not (> 0 and var end))
            return null;
        return Hash(apache[..end]) == Apache && IsAppendix(apache[(end + End.Length)..]) ? "Apache-2.0" : null;

        (string Letters, bool IsAlone)? From(string beginning)
        {
            var start = text.IndexOf(beginning, StringComparison.Ordinal);
            return start < 0 ? null : (text[start..], Before(start).All(x => Title().IsMatch(x) || (Copyright().IsMatch(x) && !Terms().IsMatch(x))));
        }

        // The lines before the letter at a position; of its own line, what is before it.
        List<string> Before(int position)
        {
            var at = 0;
            for (var left = position; left > 0 || !char.IsAsciiLetterOrDigit(Text[at]); at++)
                left -= char.IsAsciiLetterOrDigit(Text[at]) ? 1 : 0;
            return [.. Text[..at].Split('\n').Select(x => x.Trim(' ', '\t', '\r', '#', '*', '=', '-', '_')).Where(x => x.Length > 0)];
        }
    }

    /// <summary>How to apply it, with a copyright notice filled in or not.</summary>
    static bool IsAppendix(string letters)
    {
        if (letters.Length == 0)
            return true;
        var notice = letters.IndexOf("copyright", letters.IndexOf("thirdpartyarchives", StringComparison.Ordinal) is >= 0 and var archives ? archives : 0, StringComparison.Ordinal);
        var rest = letters.IndexOf("licensedundertheapachelicense", StringComparison.Ordinal);
        return notice > 0 && rest > notice && rest - notice <= MaximumNotice && Hash(letters[rest..]) == AppendixEnd
            && Hash(letters[..notice]) == AppendixBeginning;
    }

    static string Words(string text) => new([.. text.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant)]);

    [GeneratedRegex(@"^(?:the\s+)?(?:mit\s+licen[cs]e(?:\s*\(mit\))?|mit|\(mit\)|licen[cs]e)\W*$|^all rights reserved\W*$|^spdx-license-identifier:\s*(?:mit|apache-2\.0)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Title();

    [GeneratedRegex(@"^(?:portions\s+)?(?:copyright\b|\(c\)|©).{0,200}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Copyright();

    // What a notice does not say, and a condition does.
    [GeneratedRegex(@"\b(?:licen[cs]\w*|conditions?|provided|subject|must|shall|may|not|except|only|unless|sell|grant\w*|use|restrict\w*|commercial|clause)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Terms();

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
}
