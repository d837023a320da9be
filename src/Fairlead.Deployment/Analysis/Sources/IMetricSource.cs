namespace Fairlead.Deployment;

/// <summary>Measures metrics that the platform does not.</summary>
public interface IMetricSource
{
    /// <summary>Measures once. What goes wrong is an outcome, not an exception.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Task<Measurement> MeasureAsync(Metric metric, MetricSubject subject, CancellationToken cancellationToken);
}
