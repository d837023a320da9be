using Fairlead.Versioning;

namespace Fairlead.Changelog;

/// <summary>Leaves out of a release what has been taken back in it, and then what is in it twice: a copy of something that was taken back is the one that counts.</summary>
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
        FoldReverts(commits, index, told);
        FoldCopies(commits, index, told);
        return [.. commits.Where((_, i) => told[i])];
    }

    // From the oldest on: a revert takes back what is in effect when it comes. What takes a revert back lets the first commit stand again.
    static void FoldReverts(IReadOnlyList<ReadCommit> commits, Lazy<ILookup<string, int>> index, bool[] told)
    {
        var headers = new Lazy<ILookup<string, int>>(() => Enumerable.Range(0, commits.Count).ToLookup(x => Header(FirstLine(commits[x].Commit.Message)), StringComparer.Ordinal));
        // For each commit the latest one that takes it back, or itself.
        var takenBy = Enumerable.Range(0, commits.Count).ToArray();
        var done = new bool[commits.Count];
        for (var i = commits.Count - 1; i >= 0; i--)
        {
            if (RevertedCommit.Find(commits[i].Commit.Message, commits[i].Message) is not { } reverted)
                continue;
            var taken = reverted.Ids.Select(x => Find(commits, index.Value, x)).OfType<int>().Where(x => x > i && IsInEffect(x, takenBy)).Distinct().ToList();
            if (taken.Count == 0 && reverted.Header is { } header)
                taken = [.. headers.Value[Header(header)].Where(x => x > i && IsInEffect(x, takenBy)).Take(1)];
            foreach (var commit in taken)
                takenBy[commit] = i;
            done[i] = taken.Count > 0 && taken.Count >= reverted.Ids.Length;
        }

        // Whoever takes back is newer, so it is known already whether it is in effect itself.
        var inEffect = new bool[commits.Count];
        for (var i = 0; i < commits.Count; i++)
        {
            inEffect[i] = takenBy[i] == i || !inEffect[takenBy[i]];
            told[i] = inEffect[i] && !done[i];
        }
    }

    static bool IsInEffect(int commit, int[] takenBy)
    {
        var inEffect = true;
        for (; takenBy[commit] != commit; commit = takenBy[commit])
            inEffect = !inEffect;
        return inEffect;
    }

    // A copy keeps author, time of writing and first line of its original, of which it is the later one.
    static void FoldCopies(IReadOnlyList<ReadCommit> commits, Lazy<ILookup<string, int>> index, bool[] told)
    {
        var seen = new HashSet<(Author, DateTimeOffset, string)>();
        for (var i = commits.Count - 1; i >= 0; i--)
        {
            if (!told[i])
                continue;
            var commit = commits[i].Commit;
            if (commit.Parents.Length < 2 && !seen.Add((commit.Author, commit.AuthorTime, FirstLine(commit.Message))))
                told[i] = false;
            var picked = commit.Message.AsSpan().LastIndexOf(PickedFrom);
            if (picked >= 0 && Find(commits, index.Value, commit.Message[(picked + PickedFrom.Length)..].Split(')')[0]) is { } original && original > i && told[original])
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

    static string Header(string line) => PullRequestMerge.Split(line).Line;

    static string FirstLine(string message) => message.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? message[..end].TrimEnd() : message;
}
