using System.Text;

namespace Fairlead.Engine;

/// <summary>How a member's name is written on a command line and in the environment.</summary>
static class ParameterName
{
    // Words that people write in one piece although they have humps.
    static readonly string[] KnownWords =
        ["NuGet", "GitHub", "GitLab", "DotNet", "MSBuild", "MyGet", "DevOps", "OAuth", "JavaScript", "TypeScript", "YouTube", "PowerShell", "StackOverflow"];

    /// <summary>The form in which names are compared: without dashes, underscores and case.</summary>
    public static string Normalize(string name) =>
        string.Concat(name.Where(x => x is not ('-' or '_'))).ToUpperInvariant();

    /// <summary><c>NuGetApiKey</c> as <c>nuget-api-key</c>.</summary>
    public static string Dashed(string member) => string.Join('-', Words(member)).ToLowerInvariant();

    /// <summary><c>NuGetApiKey</c> as <c>NUGET_API_KEY</c>.</summary>
    public static string Variable(string member) => string.Join('_', Words(member)).ToUpperInvariant();

    static IEnumerable<string> Words(string member)
    {
        var word = new StringBuilder();
        for (var i = 0; i < member.Length;)
        {
            if (KnownWords.FirstOrDefault(x => string.CompareOrdinal(member, i, x, 0, x.Length) == 0) is { } known)
            {
                if (word.Length > 0)
                    yield return word.ToString();
                word.Clear();
                yield return known;
                i += known.Length;
                continue;
            }

            var startsWord = char.IsUpper(member[i]) && word.Length > 0
                && (!char.IsUpper(member[i - 1]) || (i + 1 < member.Length && char.IsLower(member[i + 1])));
            if (startsWord)
            {
                yield return word.ToString();
                word.Clear();
            }

            if (member[i] != '_')
                word.Append(member[i]);
            i++;
        }

        if (word.Length > 0)
            yield return word.ToString();
    }
}
