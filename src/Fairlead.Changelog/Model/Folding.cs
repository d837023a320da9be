using Fairlead.Versioning;

namespace Fairlead.Changelog;

/// <summary>Leaves out of a release what is in it twice, or has been taken back in it.</summary>
static class Folding
{
    const int ShortestId = 7;
    const string PickedFrom = "(cherry picked from commit ";

    /// <summary>The commits that are told, in the order given.</summary>
    /// <param name="commits">The commits of one release, newest first.</param>
    public static List<ReadCommit> Fold(IReadOnlyList<ReadCommit> commits)
    {
        var index = new Lazy<ILookup<string, int>>(() => Enumerable.Range(0, commits.Count).ToLookup(x => commits[x].Commit.Id[..Math.Min(ShortestId, commits[x].Commit.Id.Length)], StringComparer.Ordinal));
        var told = Enumerable.Repeat(true, commits.Count).ToArray();
        FoldCopies(commits, index, told);
        FoldReverts(commits, index, told);
        return [.. commits.Where((_, i) => told[i])];
    }

    // A copy keeps author, time of writing and first line of its original, of which it is the later one.
    static void FoldCopies(IReadOnlyList<ReadCommit> commits, Lazy<ILookup<string, int>> index, bool[] told)
    {
        var seen = new HashSet<(Author, DateTimeOffset, string)>();
        for (var i = commits.Count - 1; i >= 0; i--)
        {
            var commit = commits[i].Commit;
            if (commit.Parents.Length < 2 && !seen.Add((commit.Author, commit.AuthorTime, FirstLine(commit.Message))))
                told[i] = false;
            var picked = commit.Message.AsSpan().LastIndexOf(PickedFrom);
            if (picked >= 0 && Find(commits, index.Value, commit.Message[(picked + PickedFrom.Length)..].Split(')')[0]) is { } original && original != i)
                told[i] = false;
        }
    }

    // From the newest on, so that what takes a revert back lets the first commit stand.
    static void FoldReverts(IReadOnlyList<ReadCommit> commits, Lazy<ILookup<string, int>> index, bool[] told)
    {
        var headers = new Lazy<ILookup<string, int>>(() => Enumerable.Range(0, commits.Count).ToLookup(x => PullRequestMerge.Split(FirstLine(commits[x].Commit.Message)).Line, StringComparer.Ordinal));
        for (var i = 0; i < commits.Count; i++)
        {
            if (!told[i] || RevertedCommit.Find(commits[i].Commit.Message, commits[i].Message) is not { } reverted)
                continue;
            var taken = reverted.Ids.Select(x => Find(commits, index.Value, x)).OfType<int>().Where(x => x != i && told[x]).Distinct().ToList();
            if (taken.Count == 0 && reverted.Header is { } header && FindHeader(headers.Value, told, header, i) is { } byHeader)
                taken = [byHeader];
            foreach (var commit in taken)
                told[commit] = false;
            if (taken.Count > 0 && taken.Count >= reverted.Ids.Length)
                told[i] = false;
        }
    }

    static int? Find(IReadOnlyList<ReadCommit> commits, ILookup<string, int> index, string id)
    {
        if (id.Length < ShortestId)
            return null;
        foreach (var position in index[id[..ShortestId]])
        {
            if (commits[position].Commit.Id.StartsWith(id, StringComparison.Ordinal))
                return position;
        }

        return null;
    }

    static int? FindHeader(ILookup<string, int> headers, bool[] told, string header, int after)
    {
        foreach (var position in headers[PullRequestMerge.Split(header).Line])
        {
            if (position > after && told[position])
                return position;
        }

        return null;
    }

    static string FirstLine(string message) => message.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? message[..end].TrimEnd() : message;
}
