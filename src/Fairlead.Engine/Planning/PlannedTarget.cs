using System.Collections.Immutable;

namespace Fairlead.Engine;

/// <summary>One target of a plan.</summary>
/// <param name="Node">The target.</param>
/// <param name="SkipReason">Why it is left out, or null when it runs.</param>
/// <param name="Predecessors">The edges from targets of this plan that must be finished before it starts.</param>
/// <param name="Invoked">Whether the user named it.</param>
public sealed record PlannedTarget(TargetNode Node, string? SkipReason, ImmutableArray<TargetEdge> Predecessors, bool Invoked)
{
    /// <summary>The target's name.</summary>
    public string Name => Node.Name;
}
