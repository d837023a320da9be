namespace Fairlead.Deployment;

/// <summary>One look at a stage.</summary>
/// <param name="Elapsed">The time since the stage began.</param>
/// <param name="Candidate">The new revision.</param>
/// <param name="Baseline">What it is compared with; null when there is nothing.</param>
public sealed record AnalysisSample(TimeSpan Elapsed, RevisionSample Candidate, RevisionSample? Baseline);
