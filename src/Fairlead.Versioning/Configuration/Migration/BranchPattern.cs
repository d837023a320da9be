using System.Text.RegularExpressions;

namespace Fairlead.Versioning;

/// <summary>Regular expressions for branches.</summary>
static class BranchPattern
{
    static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A pattern that matches the beginning of a name, with a group for the rest behind it; null when the pattern is not such a one:
    /// it goes to the end of the name, or is one of several (<c>a|b</c>), where nobody can know what the rest is.
    /// </summary>
    public static string? WithGroup(string pattern, string group, string rest)
    {
        if (pattern.Length == 0 || pattern.EndsWith('$') || pattern.EndsWith(".*", StringComparison.Ordinal) || pattern.EndsWith(".+", StringComparison.Ordinal) || HasAlternatives(pattern))
            return null;
        var extended = $"{pattern}(?<{group}>{rest})";
        try
        {
            _ = new Regex(extended, RegexOptions.CultureInvariant, MatchLimit);
            return extended;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    static bool HasAlternatives(string pattern)
    {
        var depth = 0;
        var inSet = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\': i++; break;
                case '[': inSet = true; break;
                case ']': inSet = false; break;
                case '(' when !inSet: depth++; break;
                case ')' when !inSet: depth--; break;
                case '|' when !inSet && depth == 0: return true;
                default: break;
            }
        }

        return false;
    }
}
