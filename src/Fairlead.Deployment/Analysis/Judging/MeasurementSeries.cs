using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>The measurements of one metric of one revision.</summary>
sealed class MeasurementSeries(string metric)
{
    /// <summary>So many measurements in a row may be without a number at the end (Argo Rollouts' <c>consecutiveErrorLimit</c> is the same).</summary>
    const int MissesInARow = 4;

    readonly List<double> _values = [];
    long _count;
    int _missesInARow;
    Measurement? _lastMiss;

    public IReadOnlyList<double> Values => _values;

    public void Add(RevisionSample? sample)
    {
        if (sample is null)
            return;
        _count++;
        switch (sample.External.GetValueOrDefault(metric))
        {
            case Measurement.Value { Number: var finite } when double.IsFinite(finite):
                _values.Add(finite);
                _missesInARow = 0;
                break;
            case var miss:
                _missesInARow++;
                _lastMiss = miss is Measurement.Value { Number: var number } ? Measurement.Of(number) : miss;
                break;
        }
    }

    /// <summary>
    /// Why these measurements are no ground for passing, or null: there is none, fewer than half of them have a number, or the last ones
    /// have none.
    /// </summary>
    public (CriterionOutcome Outcome, string Text)? Gap()
    {
        if (_values.Count > 0 && _missesInARow <= MissesInARow && _values.Count * 2 >= _count)
            return null;
        var misses = _count - _values.Count;
        var (outcome, why) = _lastMiss switch
        {
            Measurement.NotANumber(var text) => (CriterionOutcome.NotANumber, $"'{text}'"),
            Measurement.Unavailable(var reason) => (CriterionOutcome.Unavailable, reason),
            Measurement.NoData(var reason) => (CriterionOutcome.NoData, reason),
            _ => (CriterionOutcome.NoData, "it was not measured"),
        };
        return (outcome, $"{why} ({misses} of {Figures.Count(_count, "measurement")} without a number)");
    }

    /// <summary>The value in the middle; not for an empty series.</summary>
    public double Median()
    {
        ImmutableArray<double> sorted = [.. _values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
