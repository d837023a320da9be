using System.Globalization;

namespace Fairlead.Deployment;

/// <summary>What must hold for a revision: a fixed limit, or no more than so much worse than the baseline, or both.</summary>
/// <param name="Metric">What is measured.</param>
/// <param name="Limit">The fixed limit, as what must hold; null: none.</param>
/// <param name="MaximumDegradation">How much worse than the baseline it may be, as a share of the baseline (0.2: 20 %); null: it is not compared.</param>
public sealed record Criterion(Metric Metric, Limit? Limit, double? MaximumDegradation = null)
{
    /// <summary>Fewer than so many failed looks at the health in a row.</summary>
    public static Criterion HealthFailuresBelow(int count) => new(new Metric.HealthFailures(), new Limit(LimitOperator.Less, count));

    /// <summary>As it is read in plans: <c>error_rate &lt; 1 %</c>.</summary>
    public override string ToString()
    {
        var limit = Limit is null ? null : $"{Metric.Name} {LimitText.Format(Limit, LimitText.UnitOf(Metric))}";
        var comparison = MaximumDegradation is { } most ? string.Create(CultureInfo.InvariantCulture, $"{Metric.Name} at most {most * 100:0.#} % above the baseline") : null;
        return limit is null ? comparison ?? Metric.Name : comparison is null ? limit : $"{limit}, {comparison}";
    }
}
