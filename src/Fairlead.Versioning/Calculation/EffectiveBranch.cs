namespace Fairlead.Versioning;

/// <summary>Settings that hold for the branch whose version is wanted, and the branch that they were at last inherited from (itself, when they were not).</summary>
sealed record EffectiveBranch(Branch From, BranchSettings Settings)
{
    /// <summary>
    /// Finds them. A branch with <c>increment: Inherit</c> has those of the branches that it may have been made from; there may be several, and each is tried.
    /// </summary>
    public static List<EffectiveBranch> Find(CalculationContext context)
    {
        var result = new List<EffectiveBranch>();
        var visited = new HashSet<Branch>();
        var open = new Stack<(Branch Branch, BranchSettings? Child)>([(context.Branch, null)]);
        while (open.TryPop(out var next))
        {
            if (!visited.Add(next.Branch))
                continue;
            var own = new BranchSettings([context.Branches.LevelOf(next.Branch.Name)]);
            var settings = next.Child?.Inherit(own) ?? own;
            if (settings.Increment != IncrementStrategy.Inherit)
            {
                result.Add(new EffectiveBranch(next.Branch, settings.Inherit(context.Branches.RootSettings)));
                continue;
            }

            var sources = context.Repository.FindSources(next.Branch, visited);
            if (sources.Count == 0 && context.Branches.Root.Increment != IncrementStrategy.Inherit)
                result.Add(new EffectiveBranch(next.Branch, settings.Inherit(context.Branches.RootSettings)));
            for (var i = sources.Count - 1; i >= 0; i--)
                open.Push((sources[i], settings));
        }

        return result;
    }
}
