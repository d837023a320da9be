namespace Fairlead.Deployment;

/// <summary>What a service's strategy says, with what people also write into a strategy's section.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="HealthPath">The path of the health probe, or null.</param>
/// <param name="StartupTimeout">How long the service may take to get healthy, or null.</param>
/// <param name="Trigger">What takes the release back, or null.</param>
sealed record StrategyReading(StrategySpec Strategy, string? HealthPath = null, TimeSpan? StartupTimeout = null, Criterion? Trigger = null);
