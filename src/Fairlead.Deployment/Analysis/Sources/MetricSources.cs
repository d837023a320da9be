namespace Fairlead.Deployment;

/// <summary>Gives each metric to the source that can measure it.</summary>
public sealed class MetricSources(PrometheusSource prometheus, CommandSource command) : IMetricSource
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The metric is one that the platform counts by itself.</exception>
    public Task<Measurement> MeasureAsync(Metric metric, MetricSubject subject, CancellationToken cancellationToken) => metric switch
    {
        Metric.Prometheus => prometheus.MeasureAsync(metric, subject, cancellationToken),
        Metric.Command => command.MeasureAsync(metric, subject, cancellationToken),
        _ => throw new ArgumentException($"{metric.Name} is counted by the platform.", nameof(metric)),
    };
}
