using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>
/// What the strategies ask about a repository: its branches, which commits belong to them, and where they parted. Every answer that takes a walk
/// over the graph is kept.
/// </summary>
sealed class RepositoryView
{
    const int KeptSets = 64;
    const int FewSources = 8;
    readonly RepositoryHistory _history;
    readonly ConfiguredBranches _configured;
    readonly Dictionary<int, CommitSet> _pasts = [];
    readonly Dictionary<int, BranchPoints> _points = [];
    readonly Dictionary<string, Branch> _byName;
    readonly Dictionary<string, ImmutableArray<Branch>> _sources = new(StringComparer.Ordinal);
    ImmutableArray<Branch>? _main;
    ImmutableArray<Branch>? _release;

    public RepositoryView(RepositoryHistory history, ConfiguredBranches configured)
    {
        (_history, _configured) = (history, configured);
        Topology = new Topology(history.Graph);
        Branches =
        [
            .. history.References.Where(x => x.Name.StartsWith("refs/heads/", StringComparison.Ordinal) || x.Name.StartsWith("refs/remotes/", StringComparison.Ordinal))
                .Select(x => new Branch(new BranchName(x.Name), x.Commit, x.Upstream is not null, IsRemoteHead(x.Name))),
        ];
        _byName = Branches.ToDictionary(x => x.Name.Canonical, StringComparer.Ordinal);
    }

    public Topology Topology { get; }

    public CommitGraph Graph => _history.Graph;

    /// <summary>All branches, local ones first, by name.</summary>
    public ImmutableArray<Branch> Branches { get; }

    public ImmutableArray<Branch> MainBranches => _main ??= [.. Branches.Where(x => _configured.IsMain(x.Name))];

    public ImmutableArray<Branch> ReleaseBranches => _release ??= [.. Branches.Where(x => _configured.IsRelease(x.Name))];

    public Branch? Find(BranchName name) => _byName.GetValueOrDefault(name.Canonical);

    /// <summary>A commit and everything before it.</summary>
    public CommitSet PastOf(int commit)
    {
        if (_pasts.TryGetValue(commit, out var past))
            return past;
        if (_pasts.Count >= KeptSets)
            _pasts.Clear();
        return _pasts[commit] = new CommitSet(Graph.Count).AddPast(Graph, commit);
    }

    /// <summary>Where the line that leads to another commit parted from that of a branch (see <see cref="BranchPoints"/>).</summary>
    public int? FindBranchPoint(int branchTip, int other)
    {
        // The other line ends with a merge of the branch: what counts is where it came from.
        var parents = Graph.ParentsOf(other);
        if (parents.Contains(branchTip))
            other = parents[0];
        return PointsOf(branchTip).Of(other);
    }

    /// <summary>
    /// The same as <see cref="FindBranchPoint"/>, for one other line and the tips of many branches: one walk for the line, and then only a look around the commits where
    /// they meet.
    /// </summary>
    public int? FindBranchPointNearby(int branchTip, int other)
    {
        var parents = Graph.ParentsOf(other);
        if (parents.Contains(branchTip))
            return FindBranchPoint(branchTip, other);
        var past = PastOf(other);
        var found = PointsOf(other).MergeBaseWith(branchTip);
        var line = other;
        while (found is { } commit && NewestChild(commit, line) is { } entrance)
        {
            var before = Graph.ParentsOf(entrance)[0];
            var earlier = before == commit ? commit : MergeBases.Find(Topology, branchTip, before);
            if (earlier == commit)
                break;
            (found, line) = (earlier, before);
        }

        return found;

        int? NewestChild(int commit, int until)
        {
            int? newest = null;
            foreach (var child in Topology.ChildrenOf(commit))
            {
                var isOnLine = until == other ? past.Contains(child) : MergeBases.Find(Topology, child, until) == child;
                if (isOnLine && (newest is null || Topology.CompareAge(child, newest.Value) > 0))
                    newest = child;
            }

            return newest;
        }
    }

    /// <summary>
    /// The branches that a branch may have been made from, as far as its <c>source-branches</c> allow, each with the commit at which the two parted; the latest
    /// first.
    /// </summary>
    public List<(Branch Branch, int Commit)> FindOrigins(Branch branch, IReadOnlySet<Branch> excluded)
    {
        var found = new List<(Branch Branch, int Commit)>();
        List<Branch> sources = [.. SourcesOf(branch.Name).Where(x => !x.Equals(branch) && !excluded.Contains(x))];
        foreach (var source in sources)
        {
            var point = sources.Count <= FewSources ? FindBranchPointNearby(branch.Tip, source.Tip) : FindBranchPoint(branch.Tip, source.Tip);
            if (point is { } commit)
                found.Add((source, commit));
        }

        return [.. found.OrderByDescending(x => Graph.TimeOf(x.Commit)).Where(x => !branch.Name.IsCalled(x.Branch.Name.Short))];
    }

    /// <summary>The branches that settings are inherited from: of those it may have been made from the ones that it most likely was made from.</summary>
    public List<Branch> FindSources(Branch branch, IReadOnlySet<Branch> excluded)
    {
        var origins = FindOrigins(branch, excluded);
        RemoveThoseBehindAnother(branch, origins);
        var result = new List<Branch>();
        foreach (var group in origins.GroupBy(x => x.Commit, x => x.Branch))
        {
            var exact = group.Where(x => x.Tip == group.Key && !x.IsSymbolic).ToList();
            result.AddRange(exact.Count > 0 ? exact : group);
        }

        return result;
    }

    /// <summary>
    /// Takes away a branch whose parting commit is in the past of one that parted later: that one was made from it, or merged it. Commits that were merged
    /// into the branch itself stay.
    /// </summary>
    void RemoveThoseBehindAnother(Branch branch, List<(Branch Branch, int Commit)> origins)
    {
        if (origins.Count < 2)
            return;
        var merged = MergedInto(branch, [.. origins.Select(x => x.Commit)]);
        var earlier = new CommitSet(Graph.Count);
        var judged = new Dictionary<int, bool>();
        var kept = new List<(Branch, int)>(origins.Count);
        foreach (var origin in origins)
        {
            if (!judged.TryGetValue(origin.Commit, out var isBehind))
                judged[origin.Commit] = isBehind = earlier.Contains(origin.Commit);
            if (!isBehind || merged.Contains(origin.Commit))
                kept.Add(origin);
            earlier.AddPast(Graph, origin.Branch.Tip);
        }

        origins.Clear();
        origins.AddRange(kept);
    }

    /// <summary>Which of some commits a merge in the past of the branch has as a parent.</summary>
    HashSet<int> MergedInto(Branch branch, HashSet<int> commits)
    {
        var past = PastOf(branch.Tip);
        var result = new HashSet<int>();
        for (var commit = 0; commit < Graph.Count; commit++)
        {
            var parents = Graph.ParentsOf(commit);
            if (parents.Length < 2 || !past.Contains(commit))
                continue;
            foreach (var parent in parents)
            {
                if (commits.Contains(parent) && Graph.TimeOf(commit) > Graph.TimeOf(parent))
                    result.Add(parent);
            }
        }

        return result;
    }

    BranchPoints PointsOf(int tip)
    {
        if (_points.TryGetValue(tip, out var points))
            return points;
        if (_points.Count >= KeptSets)
            _points.Clear();
        return _points[tip] = new BranchPoints(Topology, PastOf(tip));
    }

    ImmutableArray<Branch> SourcesOf(BranchName name)
    {
        var key = _configured.KeyOf(name) ?? "";
        if (!_sources.TryGetValue(key, out var sources))
        {
            var patterns = _configured.SourcePatternsOf(name);
            _sources[key] = sources = [.. Branches.Where(x => patterns.Any(pattern => pattern.IsMatch(x.Name.Short)))];
        }

        return sources;
    }

    static bool IsRemoteHead(string name) =>
        name.StartsWith("refs/remotes/", StringComparison.Ordinal) && name.EndsWith("/HEAD", StringComparison.Ordinal) && name.Count(x => x == '/') == 3;
}
