namespace Fairlead.Deployment;

/// <summary>How the platform is to scale and to hurry.</summary>
public sealed record PerformanceSpec
{
    /// <summary>Whether several services move at once; null: nothing is said.</summary>
    public bool? ParallelDeployments { get; init; }

    /// <summary>How many replicas may start at once; null: nothing is said.</summary>
    public int? MaximumConcurrentPods { get; init; }

    /// <summary>The fewest replicas; null: no autoscaling.</summary>
    public int? MinimumReplicas { get; init; }

    /// <summary>The most replicas; null: no autoscaling.</summary>
    public int? MaximumReplicas { get; init; }

    /// <summary>The processor load to aim at, in percent; null: nothing is said.</summary>
    public int? TargetCpu { get; init; }

    /// <summary>The memory use to aim at, in percent; null: nothing is said.</summary>
    public int? TargetMemory { get; init; }
}
