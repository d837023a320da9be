using System.Collections.Immutable;

namespace Fairlead.Engine;

/// <summary>What became of a run.</summary>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="Targets">The targets of the plan, in its order; empty when nothing was run.</param>
public sealed record BuildResult(int ExitCode, ImmutableArray<TargetResult> Targets)
{
    /// <summary>The result of a target, or null when it was not in the plan.</summary>
    public TargetResult? Find(string name) => Targets.FirstOrDefault(x => x.Name == name);
}
