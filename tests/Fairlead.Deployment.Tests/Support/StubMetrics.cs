namespace Fairlead.Deployment.Tests;

/// <summary>Measures what a test says.</summary>
public sealed class StubMetrics : IMetricSource
{
    public Func<Metric, MetricSubject, Measurement> Measure { get; set; } = (metric, _) => new Measurement.NoData($"nobody measures {metric.Name}");

    public Task<Measurement> MeasureAsync(Metric metric, MetricSubject subject, CancellationToken cancellationToken) => Task.FromResult(Measure(metric, subject));
}
