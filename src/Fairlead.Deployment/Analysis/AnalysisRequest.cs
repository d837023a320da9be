using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>What a stage is judged by.</summary>
public sealed record AnalysisRequest
{
    /// <summary>The stage's name, for the verdict.</summary>
    public required string Stage { get; init; }

    /// <summary>How long it is watched before it can pass.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>What must hold: the stage's own criteria, the triggers and the comparisons.</summary>
    public required ImmutableArray<Criterion> Criteria { get; init; }

    /// <summary>How it is judged.</summary>
    public required AnalysisSpec Spec { get; init; }

    /// <summary>Whether there is anything to compare with. When there is not, as for a first release, comparisons are left out, and the verdict says so.</summary>
    public bool HasBaseline { get; init; }

    /// <summary>
    /// Whether a release that got no requests, or too few, passes the criteria on requests, as it does for triggers while it is watched at
    /// night. Its health and the measurements of queries and commands are not excused.
    /// </summary>
    public bool PassesWithoutData { get; init; }
}
