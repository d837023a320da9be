namespace Fairlead.Deployment;

/// <summary>What came of one criterion, with the numbers that made it. A criterion with a limit and a comparison has one of each.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Text">The numbers, for people.</param>
public sealed record CriterionVerdict(string Metric, CriterionOutcome Outcome, string Text)
{
    /// <summary>The value in the metric's own unit (a share from 0 to 1, seconds, a count, a plain number); null when there is none.</summary>
    public double? Value { get; init; }

    /// <summary>How many samples it is made of: requests, looks or measurements.</summary>
    public long Samples { get; init; }

    /// <summary>The baseline's value; null for a limit.</summary>
    public double? BaselineValue { get; init; }

    /// <summary>How many samples of the baseline there are; null for a limit.</summary>
    public long? BaselineSamples { get; init; }

    /// <summary>How many times the baseline it is, estimated; null when that is no finite number.</summary>
    public double? Ratio { get; init; }

    /// <summary>How many times the baseline it is at least, with the confidence that the text names; null when nothing is sure.</summary>
    public double? RatioAtLeast { get; init; }
}
