using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>The version tags of a repository, and which of them belong to a branch.</summary>
sealed class TaggedVersions
{
    readonly RepositoryView _repository;
    readonly Dictionary<(BranchName, TagSources, long), List<Tagged>> _known = [];
    readonly Dictionary<(BranchName, TagSources, long), ILookup<int, VersionTag>> _lookups = [];

    public TaggedVersions(RepositoryHistory history, RepositoryView repository, VersionReader reader, IgnoredCommits ignored)
    {
        _repository = repository;
        All =
        [
            .. history.References.Where(x => x.Name.StartsWith("refs/tags/", StringComparison.Ordinal) && !ignored.Contains(x.Commit))
                .Select(x => (Name: x.Name["refs/tags/".Length..], x.Commit))
                .Select(x => (x.Name, x.Commit, Version: reader.ReadTag(x.Name)))
                .Where(x => x.Version is not null)
                .Select(x => new VersionTag(x.Name, x.Commit, x.Version!))
                .OrderByDescending(x => history.Graph.TimeOf(x.Commit)),
        ];
        Ignored = ignored;
    }

    /// <summary>A tag and the commit of a branch that it counts for: its own, or one that was merged into its own.</summary>
    public readonly record struct Tagged(int Commit, VersionTag Tag);

    /// <summary>All that are on commits that count, the latest first.</summary>
    public ImmutableArray<VersionTag> All { get; }

    IgnoredCommits Ignored { get; }

    /// <summary>The tags that a branch may continue, the latest first.</summary>
    /// <param name="branch">The branch.</param>
    /// <param name="sources">Where to look.</param>
    /// <param name="until">Tags of the branch and its merge targets that are on later commits do not count; seconds since 1970.</param>
    public IReadOnlyList<Tagged> Of(Branch branch, TagSources sources, long until)
    {
        var key = (branch.Name, sources, until);
        if (!_known.TryGetValue(key, out var found))
            _known[key] = found = Find(branch, sources, until);
        return found;
    }

    /// <summary>The same, by commit.</summary>
    public ILookup<int, VersionTag> ByCommit(Branch branch, TagSources sources, long until)
    {
        var key = (branch.Name, sources, until);
        if (!_lookups.TryGetValue(key, out var lookup))
            _lookups[key] = lookup = Of(branch, sources, until).ToLookup(x => x.Commit, x => x.Tag);
        return lookup;
    }

    List<Tagged> Find(Branch branch, TagSources sources, long until)
    {
        var graph = _repository.Graph;
        var found = new List<Tagged>();
        if (All.IsEmpty)
            return found;
        var past = _repository.PastOf(branch.Tip);
        if (sources.HasFlag(TagSources.Branch))
            found.AddRange(All.Where(x => past.Contains(x.Commit) && graph.TimeOf(x.Commit) <= until).Select(x => new Tagged(x.Commit, x)));
        if (sources.HasFlag(TagSources.MergeTargets))
            found.AddRange(MergeTargets().OrderByDescending(x => graph.TimeOf(x.Commit)));
        if (sources.HasFlag(TagSources.MainBranches))
            AddOf(_repository.MainBranches);
        if (sources.HasFlag(TagSources.ReleaseBranches))
            AddOf(_repository.ReleaseBranches);
        if (sources == TagSources.Branch)
            return found;
        return [.. found.Distinct().OrderByDescending(x => graph.TimeOf(x.Commit)).GroupBy(x => x.Commit).SelectMany(x => x)];

        IEnumerable<Tagged> MergeTargets()
        {
            foreach (var tag in All)
            {
                foreach (var parent in graph.ParentsOf(tag.Commit).ToArray())
                {
                    if (past.Contains(parent) && !Ignored.Contains(parent) && graph.TimeOf(parent) <= until)
                        yield return new Tagged(parent, tag);
                }
            }
        }

        void AddOf(ImmutableArray<Branch> branches)
        {
            var reached = new CommitSet(graph.Count);
            foreach (var other in branches.Where(x => !x.Equals(branch)))
                reached.AddPast(graph, other.Tip);
            found.AddRange(All.Where(x => reached.Contains(x.Commit)).Select(x => new Tagged(x.Commit, x)));
        }
    }
}
