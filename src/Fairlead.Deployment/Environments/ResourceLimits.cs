namespace Fairlead.Deployment;

/// <summary>What each replica of a service may use.</summary>
/// <param name="Cpu">Processor cores: 0.5 for <c>500m</c>; null: not limited.</param>
/// <param name="Memory">Bytes; null: not limited.</param>
public sealed record ResourceLimits(double? Cpu, long? Memory)
{
    /// <summary>No limits.</summary>
    public static ResourceLimits None { get; } = new(null, null);
}
