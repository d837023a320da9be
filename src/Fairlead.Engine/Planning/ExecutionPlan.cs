using System.Collections;
using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>What will be run, in the order in which one worker would run it. Immutable.</summary>
/// <param name="Targets">All targets of the plan, also those that are skipped.</param>
/// <param name="Problems">Why this plan cannot be run. Empty: it can.</param>
public sealed record ExecutionPlan(ImmutableArray<PlannedTarget> Targets, ImmutableArray<Problem> Problems)
{
    /// <summary>The planned target of a name, or null.</summary>
    public PlannedTarget? Find(string name) => Targets.FirstOrDefault(x => x.Name == name);

    /// <summary>
    /// Pairs of targets that run and whose order nothing fixes: with several workers they may run at once. In the order of the plan.
    /// </summary>
    public IReadOnlyList<(string First, string Second)> UnorderedPairs()
    {
        var index = Targets.Select((x, i) => (x.Name, i)).ToDictionary(x => x.Name, x => x.i, StringComparer.Ordinal);
        var before = new BitArray[Targets.Length];
        for (var i = 0; i < Targets.Length; i++)
        {
            before[i] = new BitArray(Targets.Length);
            foreach (var edge in Targets[i].Predecessors)
            {
                before[i].Or(before[index[edge.Earlier]]);
                before[i][index[edge.Earlier]] = true;
            }
        }

        List<(string, string)> pairs = [];
        for (var i = 0; i < Targets.Length; i++)
        {
            for (var j = i + 1; j < Targets.Length; j++)
            {
                if (!before[j][i] && Runs(Targets[i]) && Runs(Targets[j]))
                    pairs.Add((Targets[i].Name, Targets[j].Name));
            }
        }

        return pairs;

        static bool Runs(PlannedTarget target) => target.SkipReason is null && target.Node.HasBody;
    }
}
