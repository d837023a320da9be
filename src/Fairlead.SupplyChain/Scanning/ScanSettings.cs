using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>What every scan of a run has in common.</summary>
public sealed record ScanSettings
{
    /// <summary>The root of the repository: VEX documents are relative to it.</summary>
    public required AbsolutePath Root { get; init; }

    /// <summary>A directory for files that nobody misses.</summary>
    public required AbsolutePath TemporaryDirectory { get; init; }

    /// <summary>Starts git, npm and Trivy.</summary>
    public required IProcessRunner Processes { get; init; }

    /// <summary>The variables: PATH, where caches are, and those of Trivy that must not weaken a scan.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>What may pass. Default: the default policy.</summary>
    public SecurityPolicy Policy { get; init; } = new();

    /// <summary>The tools that may be fetched. Default: none.</summary>
    public ToolsLock Tools { get; init; } = ToolsLock.Empty;

    /// <summary>Whether they may be fetched now, or only taken from where they are already. Default: they may.</summary>
    public bool MayFetchTools { get; init; } = true;

    /// <summary>The clock: for the age of the database and the ends of exceptions.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told what runs and what takes long.</summary>
    public Action<string> Log { get; init; } = _ => { };

    /// <summary>The day, in UTC.</summary>
    internal DateOnly Today => DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime);
}
