namespace Fairlead.Agent;

/// <summary>Where metrics are to be served to Prometheus.</summary>
/// <param name="Token">The fencing token.</param>
/// <param name="Listen">An address of this machine alone; null: nowhere.</param>
sealed record MetricsRequest(long Token, Uri? Listen);
