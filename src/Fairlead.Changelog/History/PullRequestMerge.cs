using System.Text.RegularExpressions;

namespace Fairlead.Changelog;

/// <summary>
/// The pull request that a commit's message names as its own: the merge commits of GitHub, GitLab, Bitbucket, Gitea and Azure DevOps, and the number in
/// parentheses that their squash merges put at the end of the first line.
/// </summary>
static partial class PullRequestMerge
{
    /// <summary>The number that a merge commit names, or null.</summary>
    public static string? NumberOf(string message) =>
        (message.StartsWith("Merge", StringComparison.Ordinal) ? Number(message, Merge().Match(message)) : null)
        ?? (message.Contains("See merge request ", StringComparison.Ordinal) ? Number(message, SeeMergeRequest().Match(message)) : null);

    /// <summary>
    /// A first line without its pull request, and the number: <c>Merged PR 12: feat: x</c>, <c>feat: x (#12)</c>, <c>feat: x (!12)</c>, <c>feat: x (pull request #12)</c>.
    /// </summary>
    public static (string Line, string? Number) Split(string line)
    {
        if (line.StartsWith("Merged PR ", StringComparison.Ordinal) && AzureSquash().Match(line) is { Success: true } prefix)
            return (line[prefix.Length..], prefix.Groups["number"].Value);
        return line.EndsWith(')') && Suffix().Match(line) is { Success: true } suffix ? (line[..suffix.Index].TrimEnd(), suffix.Groups["number"].Value) : (line, null);
    }

    static string? Number(string message, Match match) => match.Success ? message.Substring(match.Groups["number"].Index, match.Groups["number"].Length) : null;

    [GeneratedRegex(
        @"\A(Merge pull request ('.*' \()?#(?<number>[0-9]{1,9})\b|Merged in [^\n]* \(pull request #(?<number>[0-9]{1,9})\)|Merged PR (?<number>[0-9]{1,9}):)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Merge();

    [GeneratedRegex(@"^See merge request [\w./-]*!(?<number>[0-9]{1,9})\r?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex SeeMergeRequest();

    [GeneratedRegex(@"\AMerged PR (?<number>[0-9]{1,9}): ", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AzureSquash();

    [GeneratedRegex(@" ?\((pull request )?[#!](?<number>[0-9]{1,9})\)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.RightToLeft, 1000)]
    private static partial Regex Suffix();
}
