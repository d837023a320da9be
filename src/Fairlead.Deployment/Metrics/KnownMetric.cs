using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>A metric about deployments that can be published.</summary>
/// <param name="Name">Its name in the environments file.</param>
/// <param name="PublishedName">Its name for Prometheus, with its unit (Prometheus' "Metric and label naming"; OpenMetrics 1.0, Units).</param>
/// <param name="Type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
/// <param name="Help">What it is.</param>
/// <param name="Labels">The labels that it can have.</param>
/// <param name="DefaultLabels">Those that it has where nothing is said.</param>
sealed record KnownMetric(string Name, string PublishedName, string Type, string Help, ImmutableArray<string> Labels, ImmutableArray<string> DefaultLabels)
{
    public const string Environment = "environment";
    public const string Version = "version";
    public const string Result = "result";
    public const string Reason = "reason";

    public static KnownMetric Duration { get; } = new(
        "deployment_duration", "fairlead_deployment_duration_seconds", "histogram", "Time from the beginning of a deployment to its end.", [Environment, Version, Result], [Environment, Result]);

    public static KnownMetric Deployments { get; } = new(
        "deployments", "fairlead_deployments_total", "counter", "Deployments that have ended.", [Environment, Version, Result], [Environment, Result]);

    public static KnownMetric SuccessRate { get; } = new(
        "deployment_success_rate", "fairlead_deployment_success_ratio", "gauge", "Share of the deployments that reached their aim, of those that ended in the 30 days before this was written.", [Environment], [Environment]);

    public static KnownMetric Rollbacks { get; } = new(
        "rollback_count", "fairlead_rollbacks_total", "counter", "Deployments that were taken back, and rollbacks.", [Environment, Reason], [Environment, Reason]);

    public static KnownMetric LastSuccess { get; } = new(
        "last_success", "fairlead_deployment_last_success_timestamp_seconds", "gauge", "When the last deployment that reached its aim ended.", [Environment], [Environment]);

    public static KnownMetric LeadTime { get; } = new(
        "lead_time", "fairlead_change_lead_time_seconds", "histogram", "Time from a commit to the end of the deployment that brought it.", [Environment], [Environment]);

    public static KnownMetric ChangeFailureRate { get; } = new(
        "change_failure_rate", "fairlead_change_failure_ratio", "gauge", "Share of the deployments with traffic that failed, of those that ended in the 30 days before this was written.", [Environment], [Environment]);

    public static KnownMetric TimeToRestore { get; } = new(
        "time_to_restore", "fairlead_time_to_restore_seconds", "histogram", "Time for which a failed change was in front of users.", [Environment], [Environment]);

    public static ImmutableArray<KnownMetric> All { get; } = [Duration, Deployments, SuccessRate, Rollbacks, LastSuccess, LeadTime, ChangeFailureRate, TimeToRestore];
}
