using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Reads limits: what must hold (criteria), or what takes a release back (triggers), which is turned into what must hold.</summary>
sealed class CriteriaReader(MetricNames metrics)
{
    public ImmutableArray<Criterion> Read(MapReader reader, bool areTriggers)
    {
        var criteria = ImmutableArray.CreateBuilder<Criterion>();
        foreach (var (key, value) in reader.Entries())
        {
            if (metrics.Find(key.Text) is not { } metric)
                reader.Report($"Nobody measures '{key.Text}' of {reader.Owner}.", key.Where, metrics.Hint(key.Text));
            else if (value is not YamlScalar scalar)
                reader.Report($"'{key.Text}' of {reader.Owner} must be a limit like \"<1%\", not a {MapReader.Kind(value)}.", value.Where);
            else if (LimitOf(reader, key.Text, scalar, metric, areTriggers) is { } limit)
                criteria.Add(new Criterion(metric, limit));
        }

        return criteria.ToImmutable();
    }

    /// <summary>One limit as what must hold, or null after a problem.</summary>
    public static Limit? LimitOf(MapReader reader, string key, YamlScalar scalar, Metric metric, bool isTrigger)
    {
        var alone = metric is Metric.HealthFailures ? LimitOperator.Less : LimitOperator.LessOrEqual;
        if (LimitText.Parse(scalar.Text, LimitText.UnitOf(metric), out var mistake, alone) is not { } limit)
        {
            reader.Report($"'{key}' of {reader.Owner} is no limit of {metric.Name}: {mistake}", scalar.Where, Example(metric, isTrigger));
            return null;
        }

        if (scalar.Text.TrimStart() is not ['<' or '>' or '≤' or '≥', ..])
            return limit;

        // Of these metrics less is always better, so a limit in the other direction is a trigger among criteria or the reverse.
        var isUpper = limit.Operator is LimitOperator.Less or LimitOperator.LessOrEqual;
        if (metric is Metric.ErrorRate or Metric.ResponseTime or Metric.HealthFailures && isUpper == isTrigger)
        {
            reader.Report(
                isTrigger
                    ? $"'{key}: {scalar.Text}' of {reader.Owner} would take a release back while it is well."
                    : $"'{key}: {scalar.Text}' of {reader.Owner} would ask for a release that is not well.",
                scalar.Where,
                isTrigger ? "A trigger says what takes a release back: turn the sign round." : "A criterion says what must hold: turn the sign round.");
            return null;
        }

        return isTrigger ? limit.Negated() : limit;
    }

    static string Example(Metric metric, bool isTrigger) => (metric, isTrigger) switch
    {
        (Metric.ErrorRate, true) => "Write for instance \">5%\".",
        (Metric.ErrorRate, false) => "Write for instance \"<1%\".",
        (Metric.ResponseTime, true) => "Write for instance \">2s\" or \">500ms\".",
        (Metric.ResponseTime, false) => "Write for instance \"<500ms\".",
        (Metric.HealthFailures, _) => "Write a number of failures, for instance 3.",
        _ => "Write for instance \"<5\".",
    };
}
