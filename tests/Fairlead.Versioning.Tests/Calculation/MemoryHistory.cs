using System.Collections.Immutable;
using System.Globalization;

namespace Fairlead.Versioning.Tests;

/// <summary>A repository in memory: commits are added oldest first, and are numbers from zero; each is a minute later than the one before.</summary>
public sealed class MemoryHistory : ICommitContents
{
    public static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly List<int[]> _parents = [];
    readonly List<string> _messages = [];
    readonly List<long> _times = [];
    readonly List<ImmutableArray<string>> _paths = [];
    readonly SortedDictionary<string, GitReference> _references = new(StringComparer.Ordinal);

    public int Count => _parents.Count;

    /// <summary>The commits whose messages were asked for without having been announced.</summary>
    public HashSet<int> Read { get; } = [];

    readonly HashSet<int> _prefetched = [];

    public int Commit(string message, params int[] parents) => Commit(message, Start.AddMinutes(Count), parents);

    public int Commit(string message, DateTimeOffset time, params int[] parents) => Commit(message, time.ToUnixTimeSeconds(), ["file"], parents);

    public int Commit(string message, long time, ImmutableArray<string> paths, params int[] parents)
    {
        _parents.Add(parents);
        _messages.Add(message);
        _times.Add(time);
        _paths.Add(paths);
        return Count - 1;
    }

    /// <summary>Several commits, one after the other; gives the last.</summary>
    public int Commits(int count, int? after = null)
    {
        for (var i = 0; i < count; i++)
            after = after is { } parent ? Commit("change", parent) : Commit("change");
        return after!.Value;
    }

    public MemoryHistory Reference(string name, int commit, string? upstream = null)
    {
        _references[name] = new GitReference(name, commit, upstream);
        return this;
    }

    public MemoryHistory Branch(string name, int commit) => Reference($"refs/heads/{name}", commit);

    public MemoryHistory Tag(string name, int commit) => Reference($"refs/tags/{name}", commit);

    /// <summary>Full id of a commit: its number, and zeros.</summary>
    public static string Id(int commit) => commit.ToString("x7", CultureInfo.InvariantCulture).PadRight(40, '0');

    /// <summary>The repository with a branch checked out.</summary>
    public RepositoryHistory On(string branch) => Make(_references[$"refs/heads/{branch}"].Commit, $"refs/heads/{branch}");

    /// <summary>The repository with a commit checked out.</summary>
    public RepositoryHistory Detached(int commit) => Make(commit, null);

    RepositoryHistory Make(int head, string? branch)
    {
        var first = new int[Count + 1];
        for (var i = 0; i < Count; i++)
            first[i + 1] = first[i] + _parents[i].Length;
        var graph = new CommitGraph(
            first, [.. _parents.SelectMany(x => x)], [.. _times], Id,
            x => x.Length == 40 && int.TryParse(x[..7], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var commit) && commit < Count ? commit : null, this);
        return new RepositoryHistory { Graph = graph, Head = head, HeadBranch = branch, References = [.. _references.Values] };
    }

    void ICommitContents.Prefetch(IReadOnlyCollection<int> commits) => _prefetched.UnionWith(commits);

    string ICommitContents.MessageOf(int commit)
    {
        if (!_prefetched.Contains(commit))
            Read.Add(commit);
        return _messages[commit];
    }

    IReadOnlyList<int> ICommitContents.Search(int head, string key, Func<string, bool> test)
    {
        var seen = new HashSet<int>([head]);
        var open = new Stack<int>([head]);
        while (open.TryPop(out var commit))
        {
            foreach (var parent in _parents[commit])
            {
                if (seen.Add(parent))
                    open.Push(parent);
            }
        }

        return [.. seen.Where(x => test(_messages[x]))];
    }

    void ICommitContents.PrefetchPaths(IReadOnlyCollection<int> commits)
    {
    }

    ImmutableArray<string> ICommitContents.PathsOf(int commit) => _paths[commit];

    IReadOnlyCollection<int> ICommitContents.Touching(int head, IReadOnlyCollection<string> paths) => throw new NotSupportedException();
}
