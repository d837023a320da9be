namespace Fairlead.Tooling;

/// <summary>How two samples differ.</summary>
/// <param name="Estimate">The Hodges–Lehmann estimate: the median over all pairs.</param>
/// <param name="AtLeast">Lower confidence bound of it, one-sided; without bound when there are too few samples for one.</param>
/// <param name="AtMost">Upper confidence bound of it, one-sided.</param>
/// <param name="PValue">The chance of a first sample that is this much or more above the second when both come from one distribution.</param>
public sealed record TwoSampleEstimate(double Estimate, double AtLeast, double AtMost, double PValue);
