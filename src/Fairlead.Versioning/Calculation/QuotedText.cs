namespace Fairlead.Versioning;

/// <summary>Words from a commit message, fit to be shown: one line, not long, and without characters that a terminal obeys.</summary>
static class QuotedText
{
    const int Longest = 72;

    public static string Of(string text)
    {
        var line = text.AsSpan().TrimStart();
        var end = line.IndexOfAny('\r', '\n');
        line = (end < 0 ? line : line[..end]).TrimEnd();
        var shown = line.Length > Longest ? $"{line[..Longest]}…" : line.ToString();
        // The agents of build servers obey lines with ##[…] and ::…:: in them.
        return string.Concat(shown.Select(x => char.IsControl(x) ? '\uFFFD' : x)).Replace("##", "# #", StringComparison.Ordinal).Replace("::", ": :", StringComparison.Ordinal);
    }
}
