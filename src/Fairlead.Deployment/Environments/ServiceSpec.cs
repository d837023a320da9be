using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>One service of an environment, as the user wants it.</summary>
public sealed record ServiceSpec
{
    /// <summary>Its name, unique in the environment: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the release's artifact that it runs; by default the service's name.</summary>
    public required string Artifact { get; init; }

    /// <summary>Where the platform serves it; null for a worker without HTTP.</summary>
    public Uri? Url { get; init; }

    /// <summary>Where people reach it, when something in front of the platform passes requests on to <see cref="Url"/>; null: at <see cref="Url"/> itself.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Program and arguments. Empty: <c>dotnet</c> with the artifact's entry point.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>How many processes; at least 1.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Variables for the process: the environment's, replaced one by one by the service's own.</summary>
    public ImmutableSortedDictionary<string, string> Variables { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Secrets for the process, by the variable's name: the environment's, replaced one by one by the service's own.</summary>
    public ImmutableSortedDictionary<string, SecretReference> Secrets { get; init; } = ImmutableSortedDictionary.Create<string, SecretReference>(StringComparer.Ordinal);

    /// <summary>What each process may use. By default not limited.</summary>
    public ResourceLimits Resources { get; init; } = ResourceLimits.None;

    /// <summary>The health probes; null for a worker.</summary>
    public HealthProbe? Probe { get; init; }

    /// <summary>How it moves from one revision to the next.</summary>
    public StrategySpec Strategy { get; init; } = new StrategySpec.BlueGreen();

    /// <summary>How long a new revision may take until all its replicas are healthy. By default one minute.</summary>
    public TimeSpan StartupTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long requests in flight may take when a revision loses its traffic. By default 30 seconds.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a process may take to end after SIGTERM before it is killed. By default 10 seconds.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);
}
