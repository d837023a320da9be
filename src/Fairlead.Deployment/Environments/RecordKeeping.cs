namespace Fairlead.Deployment;

/// <summary>What is to be kept, how often it is made and how long it stays: a backup, or one kind of record of the audit.</summary>
public sealed record RecordKeeping
{
    /// <summary>What it is: <c>database</c>, <c>approval_records</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How often, in the user's words; null: nothing is said.</summary>
    public string? Frequency { get; init; }

    /// <summary>How long it is kept; null: nothing is said.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>Whether it is encrypted.</summary>
    public bool Encryption { get; init; }

    /// <summary>Whether it is compressed.</summary>
    public bool Compression { get; init; }

    /// <summary>Whether earlier versions stay.</summary>
    public bool Versioned { get; init; }

    /// <summary>Whether changes to it must show.</summary>
    public bool TamperProof { get; init; }

    /// <summary>Whether it is mapped to compliance rules.</summary>
    public bool ComplianceMapping { get; init; }
}
