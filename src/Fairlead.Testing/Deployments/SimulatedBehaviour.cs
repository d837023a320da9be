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

    /// <summary>Share of the requests that fail, 0 to 1.</summary>
    public double ErrorRate { get; init; }

    /// <summary>Share of the requests that fail for users who have a feature flag, 0 to 1, beside <see cref="ErrorRate"/>.</summary>
    public double FlaggedErrorRate { get; init; }

    /// <summary>The median response time; by default 50 ms. Response times are log-normal.</summary>
    public TimeSpan ResponseTime { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Coefficient of variation of the response times; by default 0.5.</summary>
    public double ResponseTimeVariation { get; init; } = 0.5;
}
