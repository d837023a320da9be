namespace Fairlead.Deployment;

/// <summary>The revision that a metric is measured of.</summary>
/// <param name="Environment">The environment's name.</param>
/// <param name="Service">The service's name.</param>
/// <param name="Revision">The revision's name: <c>storefront.7</c>.</param>
/// <param name="Version">The version of its release.</param>
public sealed record MetricSubject(string Environment, string Service, string Revision, string Version);
