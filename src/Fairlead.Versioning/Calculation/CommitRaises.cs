namespace Fairlead.Versioning;

/// <summary>
/// What the messages of commits raise. A message counts for a base version when its commit is in the past of the head, but neither in the past of the base
/// nor in that of a version tag that the branch continues.
/// </summary>
/// <remarks>
/// The commits behind tags are the same for every base, so one walk finds the messages that can count at all; of these, only commits that are in the
/// past of no other with the same raise have to be looked for behind each base, which another walk answers for sixty-four of them at a time.
/// </remarks>
sealed class CommitRaises(RepositoryView repository, TaggedVersions tags, IgnoredCommits ignored, MessageRules rules, int head)
{
    static readonly Raise[] LargestFirst = [Raise.Major, Raise.Breaking, Raise.Minor, Raise.Patch];
    readonly Dictionary<int, (Raise Raise, string Text)?> _messages = [];
    readonly Dictionary<(string? Label, CommitMessageIncrementing Mode), Unreleased> _unreleased = [];

    /// <summary>What is raised of a base: the branch's own increment, or more when a message asks for it.</summary>
    /// <param name="from">The commit of the base; null for the beginning of history.</param>
    /// <param name="settings">The branch's settings.</param>
    /// <param name="label">The label of the pre-release tags that the branch continues.</param>
    public RaiseReason Since(int? from, BranchSettings settings, string? label)
    {
        var own = settings.Increment.ToRaise();
        if (settings.CommitMessageIncrementing == CommitMessageIncrementing.Disabled)
            return new RaiseReason(own);
        var key = (label, settings.CommitMessageIncrementing);
        if (!_unreleased.TryGetValue(key, out var unreleased))
            _unreleased[key] = unreleased = Find(label, settings.CommitMessageIncrementing);
        foreach (var raise in LargestFirst)
        {
            if (raise > own && unreleased.FirstOutside(raise, from) is { } commit)
                return new RaiseReason(raise, commit, Read(commit)!.Value.Text);
        }

        return new RaiseReason(own);
    }

    /// <summary>What the message of one commit raises.</summary>
    public (Raise Raise, string Text)? Read(int commit)
    {
        if (!_messages.TryGetValue(commit, out var raise))
            _messages[commit] = raise = rules.Read(repository.Graph.Contents.MessageOf(commit));
        return raise;
    }

    Unreleased Find(string? label, CommitMessageIncrementing mode)
    {
        var graph = repository.Graph;
        var past = repository.PastOf(head);
        var released = Released(label, past);
        var candidates = new List<int>();
        foreach (var commit in repository.Topology.ParentsFirst)
        {
            if (past.Contains(commit) && !released.Contains(commit) && !ignored.LeavesOut(commit)
                && (mode != CommitMessageIncrementing.MergeMessageOnly || graph.ParentsOf(commit).Length > 1))
            {
                candidates.Add(commit);
            }
        }

        graph.Contents.Prefetch(candidates);
        var raising = new Dictionary<int, Raise>();
        foreach (var commit in candidates)
        {
            if (Read(commit) is { Raise: > Raise.None } found)
                raising[commit] = found.Raise;
        }

        return new Unreleased(repository.Topology, past, raising);
    }

    /// <summary>The commits behind tags: from each back to the beginning, or to a commit that is ignored, behind which nothing is known to be released.</summary>
    CommitSet Released(string? label, CommitSet past)
    {
        var graph = repository.Graph;
        var released = new CommitSet(graph.Count);
        var open = new Stack<int>();
        foreach (var tag in tags.All)
        {
            if (past.Contains(tag.Commit) && tag.Version.Continues(label) && released.Add(tag.Commit))
                open.Push(tag.Commit);
        }

        while (open.TryPop(out var commit))
        {
            foreach (var parent in graph.ParentsOf(commit))
            {
                if (!ignored.Contains(parent) && released.Add(parent))
                    open.Push(parent);
            }
        }

        return released;
    }

    /// <summary>Messages that may count, and for each raise those of them that are in the past of no other.</summary>
    sealed class Unreleased(Topology topology, CommitSet past, Dictionary<int, Raise> raising)
    {
        readonly Dictionary<Raise, Reachability> _byRaise = [];

        /// <summary>A commit with this raise that is not in the past of another; null when all are.</summary>
        public int? FirstOutside(Raise raise, int? from)
        {
            if (!_byRaise.TryGetValue(raise, out var newest))
                _byRaise[raise] = newest = new Reachability(topology, Newest(raise));
            return newest.FirstNotBehind(from);
        }

        List<int> Newest(Raise raise)
        {
            var result = new List<int>();
            if (!raising.ContainsValue(raise))
                return result;
            var covered = new CommitSet(topology.Graph.Count);
            for (var place = topology.ParentsFirst.Length - 1; place >= 0; place--)
            {
                var commit = topology.ParentsFirst[place];
                if (!past.Contains(commit))
                    continue;
                var isCovered = covered.Contains(commit);
                var raises = raising.TryGetValue(commit, out var own) && own == raise;
                if (raises && !isCovered)
                    result.Add(commit);
                if (!raises && !isCovered)
                    continue;
                foreach (var parent in topology.Graph.ParentsOf(commit))
                    covered.Add(parent);
            }

            return result;
        }
    }
}
