namespace Fairlead.Deployment;

/// <summary>What limits on requests have in common: when they are failed early, and what they are at the end.</summary>
static class RequestLimit
{
    /// <summary>
    /// Before the end only certainty fails (<paramref name="isCertain"/>); at the end the value itself decides, if there are enough requests.
    /// </summary>
    public static CriterionOutcome Outcome(AnalysisRequest request, long samples, bool holds, bool isCertain, bool isOver)
    {
        var isEnough = samples >= request.Spec.MinimumSamples;
        if (isCertain && isEnough)
            return CriterionOutcome.Failed;
        if (!isOver)
            return CriterionOutcome.Running;
        if (samples == 0)
            return request.PassesWithoutData ? CriterionOutcome.Passed : CriterionOutcome.NoData;
        if (isEnough && samples > 0)
            return holds ? CriterionOutcome.Passed : CriterionOutcome.Failed;
        return request.PassesWithoutData && holds ? CriterionOutcome.Passed : CriterionOutcome.Inconclusive;
    }

    /// <summary>What is said after the number of requests when they are too few, or nothing.</summary>
    public static string TooFew(AnalysisRequest request, long samples) =>
        samples >= request.Spec.MinimumSamples ? "" : $"; {request.Spec.MinimumSamples} are needed";
}
