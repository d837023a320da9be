using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>How a <see cref="MetricsKeeper"/> works.</summary>
public sealed record MetricsKeeperOptions
{
    /// <summary>The name of the text file in the application's state directory.</summary>
    public const string FileName = "metrics.prom";

    /// <summary>The text file.</summary>
    public required AbsolutePath File { get; init; }

    /// <summary>The text file of one environment alone, which its platform serves; null: there is none.</summary>
    public Func<string, AbsolutePath>? FileOf { get; init; }

    /// <summary>The environments.</summary>
    public required ImmutableArray<EnvironmentSpec> Environments { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>As for <see cref="DoraFigures.Of"/>.</summary>
    public required Func<string?, string, IReadOnlyList<DateTimeOffset>?> CommitTimes { get; init; }

    /// <summary>Told what the user should know although nothing failed.</summary>
    public required Action<string> Warn { get; init; }
}
