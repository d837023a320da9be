using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>One stage of a gradual rollout.</summary>
public sealed record StageSpec
{
    /// <summary>Its name, unique in the strategy: <c>canary-10</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Share of the traffic (or of a flag's users) in percent, 1 to 100.</summary>
    public required int Share { get; init; }

    /// <summary>How long it is watched. Zero: no longer than it takes to see that it is healthy.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>What must hold for the stage to pass, beside the environment's triggers.</summary>
    public ImmutableArray<Criterion> Criteria { get; init; } = [];

    /// <summary>Whether the next stage waits for <c>:promote</c>.</summary>
    public bool ManualPromotion { get; init; }
}
