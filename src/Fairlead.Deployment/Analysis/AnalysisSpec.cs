using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>How a revision that gets traffic is judged.</summary>
public sealed record AnalysisSpec
{
    /// <summary>Time between two measurements. By default 5 seconds; shorter than the stage that it judges, or the stage is measured at least this often: ten times.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Comparisons with the baseline that hold for every stage. Empty: nothing is compared, and no baseline is started.</summary>
    public ImmutableArray<Criterion> Comparisons { get; init; } = [];

    /// <summary>Below so many samples (requests for limits on requests, measurements for comparisons) there is no verdict. By default 20.</summary>
    public int MinimumSamples { get; init; } = 20;

    /// <summary>How long an inconclusive stage is held, and measured on, before <see cref="Inconclusive"/> decides. By default 10 minutes.</summary>
    public TimeSpan HoldLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What becomes of a stage that is still inconclusive after <see cref="HoldLimit"/>. By default it is rolled back.</summary>
    public InconclusiveAction Inconclusive { get; init; }
}
