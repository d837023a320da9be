using System.Text.RegularExpressions;

namespace Fairlead.Deployment;

/// <summary>Rules for branches, as GitHub's workflow filters have them: <c>*</c> stays within one part between slashes, <c>**</c> does not.</summary>
static class BranchPattern
{
    public static bool Matches(string pattern, string branch)
    {
        var expression = Regex.Escape(pattern)
            .Replace(@"\*\*", ".*", StringComparison.Ordinal)
            .Replace(@"\*", "[^/]*", StringComparison.Ordinal)
            .Replace(@"\?", "[^/]", StringComparison.Ordinal);
        return Regex.IsMatch(branch, $"\\A(?:{expression})\\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }
}
