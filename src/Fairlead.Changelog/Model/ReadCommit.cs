using Fairlead.Versioning;

namespace Fairlead.Changelog;

/// <summary>A commit with what its message says.</summary>
/// <param name="Commit">The commit.</param>
/// <param name="Message">What it says, its first line without the pull request.</param>
/// <param name="PullRequest">Number of the pull request that brought it in, or null.</param>
sealed record ReadCommit(HistoryCommit Commit, ConventionalCommit Message, string? PullRequest)
{
    public static ReadCommit Of(HistoryCommit commit)
    {
        var message = ConventionalCommit.Parse(commit.Message);
        if (message.Type is null && PullRequestMerge.Split(message.Description) is (var line, { } azure) && line.Length > 0)
            return new ReadCommit(commit, ConventionalCommit.Parse(line) with { Body = message.Body, Footers = message.Footers }, azure);
        var (description, number) = PullRequestMerge.Split(message.Description);
        return new ReadCommit(commit, description.Length > 0 ? message with { Description = description } : message, number ?? commit.MergedBy);
    }

    /// <summary>Whether this says something of its own: a merge that only says what it merges does not.</summary>
    public bool Speaks => Message.Description.Length > 0
        && (Commit.Parents.Length < 2 || (Message.Type is not null && PullRequestMerge.NumberOf(Commit.Message) is null));
}
