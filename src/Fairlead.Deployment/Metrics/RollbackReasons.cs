using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Why something was taken back, in words of a fixed list: a metric with free text in its labels has no end.</summary>
public static class RollbackReasons
{
    /// <summary>A revision was not healthy, or the public address did not answer.</summary>
    public const string Health = "health";

    /// <summary>Too many requests failed.</summary>
    public const string ErrorRate = "error_rate";

    /// <summary>Answers took too long.</summary>
    public const string ResponseTime = "response_time";

    /// <summary>A metric of the user's own was not good enough, or nothing could be known.</summary>
    public const string Analysis = "analysis";

    /// <summary>A check after the deployment failed.</summary>
    public const string Check = "check";

    /// <summary>A backup, rehearsal, migration or confirmation of the database failed.</summary>
    public const string Migration = "migration";

    /// <summary>The command was cancelled.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The command died, and what it began was taken back by the next one or by the platform.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>Somebody asked for it.</summary>
    public const string Operator = "operator";

    /// <summary>Anything else.</summary>
    public const string Other = "other";

    /// <summary>All of them.</summary>
    public static ImmutableArray<string> All { get; } = [Health, ErrorRate, ResponseTime, Analysis, Check, Migration, Cancelled, Interrupted, Operator, Other];

    /// <summary>The word for what the journal tells of an operation that is being taken back.</summary>
    /// <param name="undo">The sentence with which it began.</param>
    /// <param name="step">The step that was begun and not done; null: none.</param>
    /// <param name="verdict">The last analysis; null: none.</param>
    /// <param name="wasAsked">Whether an operator has asked for it.</param>
    internal static string Of(string undo, string? step, AnalysisVerdict? verdict, bool wasAsked)
    {
        if (wasAsked || undo.Contains("asked to take the deployment back", StringComparison.Ordinal) || undo.StartsWith("Somebody asked for it", StringComparison.Ordinal))
            return Operator;
        if (undo.StartsWith("It was cancelled", StringComparison.Ordinal))
            return Cancelled;
        if (undo.StartsWith("It was interrupted", StringComparison.Ordinal))
            return Interrupted;
        return step?.Split(' ')[0] switch
        {
            "await" or "recheck" or "verify" or "bring-up" or "scale" => Health,
            "analyse" or "watch" => verdict?.Criteria.FirstOrDefault(x => x.Outcome == CriterionOutcome.Failed)?.Metric is { } metric ? OfMetric(metric) : Analysis,
            "check" => Check,
            "backup" or "rehearse" or "migrate" or "confirm" or "contract" => Migration,
            _ => Other,
        };
    }

    static string OfMetric(string metric) =>
        metric == "error_rate" ? ErrorRate
        : metric.StartsWith("response_time", StringComparison.Ordinal) ? ResponseTime
        : metric == "health_check_failures" ? Health
        : Analysis;
}
