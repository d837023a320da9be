using System.Globalization;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// When a release is worse than the baseline: at the end of a stage it must be worse at all beyond chance, and the estimate of how much must be
/// more than what is allowed. Before the end it must be more than what is allowed beyond any doubt.
/// </summary>
/// <remarks>
/// The two questions of the end are apart on purpose. Significance alone finds any difference once there are enough requests; an estimate alone is chance when
/// there are few. Testing "at most 20 % worse" instead of "not worse" was considered: it would need about three times the samples
/// to find a release 1.5 times slower, and let a release 30 % worse pass that is 30 % worse for everyone to see.
/// </remarks>
static class Comparison
{
    /// <summary>The chance to call a release worse that is not, for one comparison at the end of its stage: one in two hundred.</summary>
    public const double Alpha = 0.005;

    /// <summary>
    /// The chance that any other look takes a release for more than 20 % worse (or what is allowed) that is just 20 % worse. So strict
    /// that many looks are hardly more often wrong than one (Haybittle 1971; Peto et al. 1976), and asked of the limit itself, because early
    /// estimates swing: with the question of the end, one in five releases that are 10 % worse would be failed by some look.
    /// </summary>
    public const double EarlyAlpha = 0.001;

    /// <summary>Estimates are compared with what is allowed up to rounding, which is relative, so that units do not matter.</summary>
    const double Rounding = 1e-9;

    /// <summary>The level for a look.</summary>
    public static double AlphaAt(bool isLast) => isLast ? Alpha : EarlyAlpha;

    /// <summary>Whether a ratio is more than the baseline and what is allowed.</summary>
    public static bool IsTooMuch(double ratio, double maximumDegradation) => ratio > (1 + maximumDegradation) * (1 + Rounding);

    /// <summary>How two samples of measurements compare: in relation to the baseline, whatever their unit.</summary>
    /// <param name="candidate">Not empty.</param>
    /// <param name="baseline">Not empty.</param>
    /// <param name="alpha">The chance that a bound is wrong.</param>
    /// <remarks>
    /// Positive values are compared by their quotients, which is what "20 % worse" means for something whose spread grows with its size, like
    /// times. When there are zeros or negative values it is the shift in relation to the size of the baseline's median; against a median of 0 any
    /// shift is infinite.
    /// </remarks>
    public static TwoSampleEstimate Compare(ReadOnlySpan<double> candidate, ReadOnlySpan<double> baseline, double alpha)
    {
        double[] sorted = [.. baseline];
        Array.Sort(sorted);
        if (sorted[0] > 0 && !candidate.ContainsAnyInRange(double.NegativeInfinity, 0))
            return MannWhitney.Ratio(candidate, baseline, alpha);
        var size = Math.Abs((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2);
        var shift = MannWhitney.Difference(candidate, baseline, alpha);
        return shift with { Estimate = Relative(shift.Estimate), AtLeast = Relative(shift.AtLeast), AtMost = Relative(shift.AtMost) };

        double Relative(double difference) => difference == 0 ? 1 : 1 + difference / size;
    }

    /// <summary>Whether two samples show a release that is too much worse. The estimate is one for <see cref="AlphaAt"/>.</summary>
    public static bool IsWorse(TwoSampleEstimate estimate, double maximumDegradation, bool isLast) => isLast
        ? estimate.PValue <= Alpha && IsTooMuch(estimate.Estimate, maximumDegradation)
        : IsTooMuch(estimate.AtLeast, maximumDegradation);

    /// <summary>The numbers of a comparison: <c>1.52 × the baseline (99 % confidence: at least 1.31 ×; 60 and 60 samples); at most 1.20 × allowed</c>.</summary>
    public static string Describe(TwoSampleEstimate estimate, long candidate, long baseline, string unit, double maximumDegradation, double alpha)
    {
        var ratio = double.IsFinite(estimate.Estimate) ? $"{Figures.Times(estimate.Estimate)} the baseline" : "more than the baseline, which is 0";
        var confidence = double.IsFinite(estimate.AtLeast) && estimate.AtLeast > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{(1 - alpha) * 100:0.##} % confidence: at least {Figures.Times(estimate.AtLeast)}")
            : Figures.Chance(estimate.PValue);
        return $"{ratio} ({confidence}; {candidate} and {baseline} {unit}); {Allowed(maximumDegradation)}";
    }

    public static string Allowed(double maximumDegradation) => $"at most {Figures.Times(1 + maximumDegradation)} allowed";

    /// <summary>The verdict while there are too few samples, or null.</summary>
    /// <param name="metric">The metric's name.</param>
    /// <param name="candidate">How many samples the candidate has.</param>
    /// <param name="baseline">How many the baseline has.</param>
    /// <param name="unit">What they are: <c>requests</c>.</param>
    /// <param name="request">Says how many there must be.</param>
    /// <param name="isExcused">Whether the request excuses missing data of this metric.</param>
    /// <param name="isOver">Whether the stage's time is over.</param>
    public static CriterionVerdict? TooFew(string metric, long candidate, long baseline, string unit, AnalysisRequest request, bool isExcused, bool isOver)
    {
        var needed = Math.Max(1, request.Spec.MinimumSamples);
        if (candidate >= needed && baseline >= needed)
            return null;
        var isNone = candidate == 0 || baseline == 0;
        var outcome = !isOver ? CriterionOutcome.Running
            : isExcused && request.PassesWithoutData ? CriterionOutcome.Passed
            : isNone ? CriterionOutcome.NoData
            : CriterionOutcome.Inconclusive;
        var text = candidate == 0 ? $"no {unit}"
            : baseline == 0 ? $"no {unit} of the baseline"
            : $"{candidate} {unit} and {baseline} of the baseline";
        return new CriterionVerdict(metric, outcome, $"{text} to compare; {needed} of each are needed") { Samples = candidate, BaselineSamples = baseline };
    }

    /// <summary>The number, or null when JSON cannot hold it.</summary>
    public static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
