namespace Fairlead.Testing;

/// <summary>How a revision behaves on the <see cref="SimulatedPlatform"/>. By default it is healthy after one second.</summary>
public sealed record SimulatedBehaviour
{
    /// <summary>Time from the start until all replicas are healthy; null: never.</summary>
    public TimeSpan? HealthyAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time from the start until it is unhealthy again; null: never.</summary>
    public TimeSpan? UnhealthyAfter { get; init; }

    /// <summary>Whether its replicas crash instead of just not being healthy yet.</summary>
    public bool Crashes { get; init; }

    /// <summary>What clients get through the public address; null is a good answer.</summary>
    public string? AnswersClients { get; init; }
}
