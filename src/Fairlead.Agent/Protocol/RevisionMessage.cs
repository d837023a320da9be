namespace Fairlead.Agent;

/// <summary>Everything needed to bring a revision up.</summary>
sealed record RevisionMessage
{
    public required string Service { get; init; }

    public required int Ordinal { get; init; }

    /// <summary><c>sha256:</c> and the hash of the artifact's bytes.</summary>
    public required string ArtifactDigest { get; init; }

    public required string ConfigurationDigest { get; init; }

    public required string Version { get; init; }

    public required string ArtifactFile { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>Further variables, whose values stand in no file.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <summary>The values of <see cref="Secrets"/> as they stand in the state file.</summary>
    public string? SealedSecrets { get; init; }

    public required int Replicas { get; init; }

    /// <summary>How many bytes of memory each replica may use; null: as many as there are.</summary>
    public long? MemoryLimit { get; init; }

    public ProbeMessage? Probe { get; init; }

    public required TimeSpan DrainTimeout { get; init; }

    public required TimeSpan StopGrace { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public string Name => $"{Service}.{Ordinal}";
}
