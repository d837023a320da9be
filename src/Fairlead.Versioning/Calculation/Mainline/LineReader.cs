using System.Runtime.CompilerServices;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>
/// Follows a branch back, from its tip to the latest version tag that it continues: which commit was made on which branch, and which lines were merged into
/// it. What is not in the repository any more, the branches that were merged and deleted, comes from the messages of merges.
/// </summary>
sealed class LineReader(CalculationContext context, Branch targetBranch, string? targetLabel)
{
    const int FirstMessages = 256;
    const int MostLevels = 1_000;
    readonly Dictionary<(BranchName, BranchName?), Dictionary<int, List<(Branch Branch, SettingsLevel Level)>>> _origins = [];
    readonly CommitSet _seen = new(context.Graph.Count);

    public Line Read(Branch branch, SettingsLevel level)
    {
        var past = context.Repository.PastOf(branch.Tip);
        var commits = context.Repository.Topology.NewestFirst(past).Where(x => context.Graph.TimeOf(x) <= context.Until && !context.Ignored.Contains(x)).ToList();
        var line = new Line(branch.Name, level);
        var sources = SourcesOf(level.Settings, new BranchConfiguration());
        Follow(commits, line, context.Tags.ByCommit(branch, sources, context.Until));
        return line;
    }

    /// <summary>Adds commits to a line. True when a version tag ends the search.</summary>
    bool Follow(IReadOnlyList<int> newestFirst, Line line, ILookup<int, VersionTag> tags, int level = 0)
    {
        if (level > MostLevels || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new UserErrorException(
                $"The strategy Mainline cannot follow this history: branches are merged into branches more than {MostLevels} levels deep.",
                "Tag a version on the branch, where the search then ends, or use other 'strategies' in GitVersion.yml.");
        }

        var state = new State { Branch = context.Repository.Find(line.Name), Name = line.Name, Level = line.Level, Tags = tags };
        var fetched = 0;
        for (var i = 0; i < newestFirst.Count; i++)
        {
            if (i == fetched)
            {
                fetched = Math.Min(newestFirst.Count, Math.Max(FirstMessages, i * 2));
                context.Graph.Contents.Prefetch([.. newestFirst.Skip(i).Take(fetched - i).Where(x => !_seen.Contains(x))]);
            }

            var value = newestFirst[i];
            if (_seen.Contains(value) || (context.Ignored.LeavesOut(value) && !state.Tags.Contains(value)))
                continue;
            _seen.Add(value);
            EnterBranchThatBeganHere(value, line, state);
            var commit = line.AddOlder(value, state.Name, state.Level);
            if (AddVersions(value, commit, state))
                return true;
            if (context.Graph.ParentsOf(value).Length > 1 && FollowMerged(value, commit, line, state, level))
                return true;
        }

        return false;
    }

    /// <summary>At the commit at which the branch parted from another one, the commits of that one begin.</summary>
    void EnterBranchThatBeganHere(int value, Line line, State state)
    {
        if (state.Branch is null || !OriginsOf(state.Branch, state.From).TryGetValue(value, out var origins))
            return;
        var (origin, level) = origins[0];
        if (state.Level.Settings.IsMainBranch == true && level.Settings.IsMainBranch != true)
            return;
        if (origins.Exists(x => !x.Branch.Equals(origin) && x.Branch.Equals(targetBranch)))
            line.AddOlder(null, targetBranch.Name, context.Branches.LevelOf(targetBranch.Name));
        state.From = state.Branch;
        state.Branch = context.Repository.Find(origin.Name);
        (state.Name, state.Level) = (origin.Name, level);
        state.Tags = context.Tags.ByCommit(origin, SourcesOf(level.Settings, context.Branches.Root.Settings), context.Until);
    }

    bool AddVersions(int value, LineCommit commit, State state)
    {
        var label = targetLabel ?? context.Labels.Of(new BranchSettings([state.Level, context.Branches.Root]), state.Name);
        var ends = false;
        foreach (var tag in state.Tags[value])
        {
            commit.Versions.Add(tag.Version);
            ends |= tag.Version.Continues(label);
        }

        state.EndsWhenIncrementIsKnown |= ends;
        return state.EndsWhenIncrementIsKnown && state.Level.Increment != IncrementStrategy.Inherit;
    }

    /// <summary>The line that was merged here. Between two main branches, which GitVersion refuses, and without a branch in the message there is none: its commits count as those of this line.</summary>
    bool FollowMerged(int value, LineCommit commit, Line line, State state, int depth)
    {
        if (!(state.Level.Settings.TrackMergeMessage ?? context.Branches.Root.Settings.TrackMergeMessage ?? false)
            || context.MergeMessages.Read(context.Graph.Contents.MessageOf(value)) is not { MergedBranch: var name }
            || name.IsCalled(state.Name.Short))
        {
            return false;
        }

        var level = context.Branches.LevelOf(name);
        var mainWasMerged = level.Settings.IsMainBranch == true;
        if (mainWasMerged && state.Level.Settings.IsMainBranch == true)
            return false;
        var parents = context.Graph.ParentsOf(value);
        var (tip, into) = mainWasMerged ? (parents[0], parents[1]) : (parents[1], parents[0]);
        var merged = mainWasMerged ? new Line(line.Name, state.Level, commit) : new Line(name, level, commit);
        var commits = Between(MergeBases.Find(context.Repository.Topology, into, tip), tip);
        var ends = Follow(commits, merged, state.Tags, depth + 1);
        commit.Merged = merged;
        foreach (var followed in commits)
            _seen.Add(followed);
        return ends;
    }

    /// <summary>The commits that git lists before the merge base.</summary>
    List<int> Between(int? mergeBase, int tip) => mergeBase is { } start && context.Ignored.Contains(start)
        ? []
        : [.. TopologicalWalk.From(context.Repository.Topology, tip).TakeWhile(x => x != mergeBase).Where(x => !context.Ignored.Contains(x))];

    Dictionary<int, List<(Branch Branch, SettingsLevel Level)>> OriginsOf(Branch branch, Branch? excluded)
    {
        var key = (branch.Name, excluded?.Name);
        if (_origins.TryGetValue(key, out var result))
            return result;
        _origins[key] = result = [];
        foreach (var (origin, commit) in context.Repository.FindOrigins(branch, excluded is null ? new HashSet<Branch>() : [excluded]))
        {
            var found = (origin, context.Branches.LevelOf(origin.Name));
            if (!result.TryGetValue(commit, out var list))
                result[commit] = [found];
            else if (IsMain(found.Item2))
                list.Add(found);
        }

        foreach (var list in result.Values.Where(x => x.Count > 1 && !IsMain(x[0].Level)))
        {
            // A main branch goes first.
            list.Add(list[0]);
            list.RemoveAt(0);
        }

        return result;
    }

    bool IsMain(SettingsLevel level) => level.Settings.IsMainBranch ?? context.Branches.Root.Settings.IsMainBranch ?? false;

    static TagSources SourcesOf(BranchConfiguration own, BranchConfiguration otherwise) =>
        TagSources.Branch
        | ((own.TrackMergeTarget ?? otherwise.TrackMergeTarget) == true ? TagSources.MergeTargets : TagSources.None)
        | ((own.TracksReleaseBranches ?? otherwise.TracksReleaseBranches) == true ? TagSources.ReleaseBranches : TagSources.None)
        | (own.IsMainBranch == true || own.IsReleaseBranch == true ? TagSources.None : TagSources.MainBranches);

    sealed class State
    {
        public required BranchName Name { get; set; }

        public required SettingsLevel Level { get; set; }

        /// <summary>The branch, when it still exists.</summary>
        public required Branch? Branch { get; set; }

        /// <summary>The branch that was made from it.</summary>
        public Branch? From { get; set; }

        public required ILookup<int, VersionTag> Tags { get; set; }

        public bool EndsWhenIncrementIsKnown { get; set; }
    }
}
