namespace Fairlead.Versioning;

/// <summary>
/// The commits of a repository and their parents, by position: commits are numbers from zero, in no particular order, so that walks need arrays and
/// no dictionaries. Ids and times are known of every commit; everything else is in <see cref="Contents"/>.
/// </summary>
public sealed class CommitGraph
{
    readonly int[] _firstParent;
    readonly int[] _parents;
    readonly long[] _times;
    readonly Func<int, string> _ids;
    readonly Func<string, int?> _find;

    /// <param name="firstParent">Where in <paramref name="parents"/> the parents of each commit begin; one element more than there are commits.</param>
    /// <param name="parents">The parents of all commits.</param>
    /// <param name="times">Committer time of each, in seconds since 1970.</param>
    /// <param name="ids">Full id of a commit, in lower-case hexadecimal.</param>
    /// <param name="find">The commit of a full id, or null.</param>
    /// <param name="contents">Messages and paths.</param>
    public CommitGraph(int[] firstParent, int[] parents, long[] times, Func<int, string> ids, Func<string, int?> find, ICommitContents contents)
    {
        (_firstParent, _parents, _times, _ids, _find, Contents) = (firstParent, parents, times, ids, find, contents);
    }

    /// <summary>How many commits there are.</summary>
    public int Count => _times.Length;

    /// <summary>Messages and paths.</summary>
    public ICommitContents Contents { get; }

    /// <summary>The parents of a commit: none for a first commit, several for a merge.</summary>
    public ReadOnlySpan<int> ParentsOf(int commit) => _parents.AsSpan(_firstParent[commit].._firstParent[commit + 1]);

    /// <summary>Committer time, in seconds since 1970.</summary>
    public long TimeOf(int commit) => _times[commit];

    /// <summary>Full id, in lower-case hexadecimal.</summary>
    public string IdOf(int commit) => _ids(commit);

    /// <summary>The commit of a full id; null when it is not in this graph.</summary>
    public int? Find(string id) => _find(id);

    /// <summary>The past of some commits, which themselves count.</summary>
    internal CommitSet PastOf(params ReadOnlySpan<int> heads) => new CommitSet(Count).AddPast(this, heads);
}
