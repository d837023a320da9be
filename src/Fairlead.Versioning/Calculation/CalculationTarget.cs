using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>The branch and the commit that a version is wanted of.</summary>
/// <param name="Branch">The branch.</param>
/// <param name="Commit">The commit.</param>
sealed record CalculationTarget(Branch Branch, int Commit)
{
    /// <summary>Finds them: GitVersion's rules for <c>/b</c>, <c>/c</c>, ignored tips and detached heads.</summary>
    /// <exception cref="UserErrorException">There is no such branch or commit, or every commit is ignored.</exception>
    public static CalculationTarget Find(RepositoryHistory history, RepositoryView repository, IgnoredCommits ignored, VersionRequest request)
    {
        var branch = FindBranch(history, repository, request.TargetBranch);
        var commit = FindCommit(repository, ignored, branch, request.CommitId);
        if (branch.Name == BranchName.Detached && OnlyBranchWith(commit, repository, request.OnlyTrackedBranches) is { } only)
            branch = only;
        return new CalculationTarget(branch, commit);
    }

    static Branch FindBranch(RepositoryHistory history, RepositoryView repository, string? wanted)
    {
        var head = history.HeadBranch is null
            ? new Branch(BranchName.Detached, history.Head)
            : repository.Find(new BranchName(history.HeadBranch)) ?? new Branch(new BranchName(history.HeadBranch).AsLocalBranch(), history.Head);
        if (string.IsNullOrEmpty(wanted) || head.Name.IsCalled(wanted))
            return head;
        var found = repository.Branches.Where(x => x.Name.IsCalled(wanted)).MinBy(x => x.Name.IsRemote);
        if (found is not null)
            return found;
        var reference = history.References.FirstOrDefault(x => x.Name == wanted || x.Name == "refs/" + wanted);
        if (reference is not null)
            return new Branch(new BranchName(reference.Name).AsLocalBranch(), reference.Commit);
        throw new UserErrorException(
            $"There is no branch '{wanted}'.",
            Suggestion.Sentence(wanted, repository.Branches.Select(x => x.Name.Friendly)) ?? "git fetch origin, and look with: git branch --all");
    }

    static int FindCommit(RepositoryView repository, IgnoredCommits ignored, Branch branch, string? wanted)
    {
        var graph = repository.Graph;
        var latest = branch.Tip;
        if (!string.IsNullOrWhiteSpace(wanted))
        {
            latest = graph.Find(wanted.ToLowerInvariant())
                ?? throw new UserErrorException($"There is no commit '{wanted}'.", "Give its full id, and fetch it first: git fetch origin");
        }

        var past = repository.PastOf(branch.Tip);
        if (past.Contains(latest) && !ignored.Contains(latest))
            return latest;
        var time = graph.TimeOf(latest);
        foreach (var commit in repository.Topology.NewestFirst(past))
        {
            if (graph.TimeOf(commit) <= time && !ignored.Contains(commit))
                return commit;
        }

        throw new UserErrorException(
            $"'{branch.Name}' has no commit that counts: the key 'ignore' in GitVersion.yml leaves all of them out.", "Make 'ignore' narrower.");
    }

    /// <summary>The branch that a detached head belongs to: the only one that has the commit.</summary>
    static Branch? OnlyBranchWith(int commit, RepositoryView repository, bool onlyTracked)
    {
        if (onlyTracked)
        {
            var direct = repository.Branches.Where(x => !x.IsTracking && x.Tip == commit).Take(2).ToList();
            if (direct.Count > 0)
                return direct.Count == 1 ? direct[0] : null;
        }

        var after = new CommitSet(repository.Graph.Count);
        after.Add(commit);
        foreach (var candidate in repository.Topology.ParentsFirst)
        {
            foreach (var parent in repository.Graph.ParentsOf(candidate))
            {
                if (after.Contains(parent))
                    after.Add(candidate);
            }
        }

        var found = repository.Branches.Where(x => (!onlyTracked || x.IsTracking) && after.Contains(x.Tip)).Take(2).ToList();
        return found.Count == 1 ? found[0] : null;
    }
}
