using System.Globalization;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>The metrics that criteria can name: the built-in ones and the environment's own.</summary>
sealed class MetricNames(IReadOnlyDictionary<string, Metric> own)
{
    static readonly string[] BuiltIn = ["error_rate", "response_time", "response_time_p50", "response_time_p90", "response_time_p99", "health_check_failures"];

    public Metric? Find(string name)
    {
        const string Percentile = "response_time_p";
        if (own.GetValueOrDefault(name) is { } metric)
            return metric;
        return name switch
        {
            "error_rate" => new Metric.ErrorRate(),
            "response_time" => new Metric.ResponseTime(95),
            "health_check_failures" => new Metric.HealthFailures(),
            _ => name.StartsWith(Percentile, StringComparison.Ordinal)
                && int.TryParse(name.AsSpan(Percentile.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var percentile) && percentile is >= 1 and <= 99
                    ? new Metric.ResponseTime(percentile)
                    : null,
        };
    }

    public static bool IsBuiltIn(string name) => new MetricNames(new Dictionary<string, Metric>(StringComparer.Ordinal)).Find(name) is not null;

    public string Hint(string name) => Suggestion.Sentence(name, BuiltIn.Concat(own.Keys))
        ?? $"Measured are {string.Join(", ", BuiltIn.Take(2))}, response_time_p1 to response_time_p99 and health_check_failures; describe others under 'analysis: metrics:'.";
}
