using System.Collections.Immutable;

namespace Fairlead.Changelog;

/// <summary>One commit, as a changelog needs it.</summary>
/// <param name="Id">Its full id.</param>
/// <param name="Parents">The full ids of its parents: none for the first commit, several for a merge.</param>
/// <param name="Time">Committer time, in UTC.</param>
/// <param name="Author">Who wrote it, as <c>.mailmap</c> has it.</param>
/// <param name="AuthorTime">When it was written, in UTC; a cherry-picked copy has the time of its original.</param>
/// <param name="Message">The whole message, lines ended with line feeds.</param>
public sealed record HistoryCommit(
    string Id, ImmutableArray<string> Parents, DateTimeOffset Time, Author Author, DateTimeOffset AuthorTime, string Message)
{
    /// <summary>Number of the pull request whose merge commit brought this commit in, or null when none is known.</summary>
    public string? MergedBy { get; init; }
}
