using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;

namespace Fairlead.Changelog;

/// <summary>The commits of one <c>git log</c>, in git's order, with their parents by position.</summary>
sealed class CommitLog
{
    /// <summary>What git is asked for: seven fields, each ended with NUL. A message cannot hold one: git ends it there.</summary>
    public const string Format = "tformat:%H%x00%P%x00%ct%x00%at%x00%aN%x00%aE%x00%B";

    const int Fields = 7;

    readonly Dictionary<string, int> _positions;

    public CommitLog(IReadOnlyList<HistoryCommit> commits)
    {
        Commits = commits;
        _positions = new Dictionary<string, int>(commits.Count, StringComparer.Ordinal);
        for (var i = 0; i < commits.Count; i++)
            _positions[commits[i].Id] = i;
        Parents = new int[commits.Count][];
        for (var i = 0; i < commits.Count; i++)
            Parents[i] = [.. commits[i].Parents.Select(x => Find(x) ?? -1).Where(x => x >= 0)];
        ParentsFirst = Sort();
    }

    public IReadOnlyList<HistoryCommit> Commits { get; }

    /// <summary>For each commit those of its parents that are in this log.</summary>
    public int[][] Parents { get; }

    /// <summary>All positions, each after those of its parents.</summary>
    public int[] ParentsFirst { get; }

    public int? Find(string id) => _positions.TryGetValue(id, out var position) ? position : null;

    /// <summary>Reads what git wrote. Bytes that are no UTF-8 become replacement characters.</summary>
    public static CommitLog Parse(ReadOnlySpan<byte> bytes)
    {
        var commits = new List<HistoryCommit>();
        var names = new Dictionary<(string, string), Author>();
        Span<Range> fields = stackalloc Range[Fields];
        for (var at = 0; at < bytes.Length;)
        {
            for (var i = 0; i < Fields; i++)
            {
                var length = bytes[at..].IndexOf((byte)0);
                if (length < 0)
                    throw new InvalidDataException("The output of git log ends in the middle of a commit.");
                fields[i] = at..(at + length);
                at += length + 1;
            }

            var (name, email) = (Text(bytes[fields[4]]), Text(bytes[fields[5]]));
            if (!names.TryGetValue((name, email), out var author))
                names[(name, email)] = author = new Author(name, email);
            commits.Add(new HistoryCommit(
                Text(bytes[fields[0]]), Ids(bytes[fields[1]]), Time(bytes[fields[2]]), author, Time(bytes[fields[3]]), Text(bytes[fields[6]].TrimEnd((byte)'\n'))));
        }

        return new CommitLog(commits);
    }

    static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    static ImmutableArray<string> Ids(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? [] : [.. Text(bytes).Split(' ')];

    // A hand-made commit can have any number as its time; what no calendar has becomes the epoch.
    static DateTimeOffset Time(ReadOnlySpan<byte> bytes) =>
        Utf8Parser.TryParse(bytes, out long seconds, out _) && seconds is > -62_135_596_800 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DateTimeOffset.UnixEpoch;

    int[] Sort()
    {
        var children = new int[Commits.Count];
        foreach (var parents in Parents)
        {
            foreach (var parent in parents)
                children[parent]++;
        }

        var order = new int[Commits.Count];
        var next = order.Length;
        var open = new Stack<int>();
        for (var i = 0; i < children.Length; i++)
        {
            if (children[i] == 0)
                open.Push(i);
        }

        while (open.TryPop(out var commit))
        {
            order[--next] = commit;
            foreach (var parent in Parents[commit])
            {
                if (--children[parent] == 0)
                    open.Push(parent);
            }
        }

        return order;
    }
}
