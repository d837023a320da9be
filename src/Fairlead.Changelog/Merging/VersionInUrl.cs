using System.Text.RegularExpressions;

namespace Fairlead.Changelog;

/// <summary>Finds and replaces versions in the addresses of a changelog file, whatever server they are of.</summary>
static partial class VersionInUrl
{
    /// <summary>The address with versions replaced, all at once; null when the first of them is not in it.</summary>
    public static string? Replace(string url, params ReadOnlySpan<(string From, string To)> versions)
    {
        var result = url;
        for (var i = 0; i < versions.Length; i++)
        {
            if (Place(url, versions[i].From) is null)
                return null;
            // A mark that no address holds keeps what was replaced from being replaced again.
            while (Place(result, versions[i].From) is { } at)
                result = $"{result[..at]}\0{i}\0{result[(at + versions[i].From.Length)..]}";
        }

        for (var i = 0; i < versions.Length; i++)
            result = result.Replace($"\0{i}\0", versions[i].To, StringComparison.Ordinal);
        return result;
    }

    /// <summary>The address that compares with a branch, made to compare with the tag of a version; null when it compares with none.</summary>
    /// <param name="url">It compares <paramref name="previous"/> with a branch.</param>
    /// <param name="previous">The version in it.</param>
    /// <param name="version">The version to put in place of the branch.</param>
    public static string? ReplaceBranch(string url, string previous, string version)
    {
        if (Place(url, previous) is not { } at)
            return null;
        var start = at;
        while (start > 0 && char.IsAsciiLetter(url[start - 1]))
            start--;
        // "%0Dv1.0.0": the D belongs to a line feed.
        if (start >= 2 && url[start - 2] == '%')
            start++;
        var tag = url[start..at] + version;
        var branch = Branch().Match(url);
        return branch.Success ? $"{url[..branch.Index]}{tag}{url[(branch.Index + branch.Length)..]}" : null;
    }

    static int? Place(string url, string version)
    {
        for (var at = url.IndexOf(version, StringComparison.Ordinal); at >= 0; at = url.IndexOf(version, at + 1, StringComparison.Ordinal))
        {
            var end = at + version.Length;
            var startsHere = at == 0 || !(char.IsAsciiDigit(url[at - 1]) || (url[at - 1] == '.' && at > 1 && char.IsAsciiDigit(url[at - 2])));
            var endsHere = end == url.Length || !(char.IsAsciiLetterOrDigit(url[end]) || (url[end] is '.' or '-' && end + 1 < url.Length && char.IsAsciiLetterOrDigit(url[end + 1])));
            if (startsHere && endsHere)
                return at;
        }

        return null;
    }

    [GeneratedRegex(@"(?<=[./=])(GB)?(HEAD|main|master|develop|trunk)(?=\z|%0D|\.\.|&)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Branch();
}
