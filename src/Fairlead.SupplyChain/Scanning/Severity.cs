namespace Fairlead.SupplyChain;

/// <summary>How grave a finding is. Graver ones are larger values.</summary>
public enum Severity
{
    /// <summary>Not rated.</summary>
    Unknown,

    /// <summary>Low.</summary>
    Low,

    /// <summary>Medium.</summary>
    Medium,

    /// <summary>High: closes the gate.</summary>
    High,

    /// <summary>Critical: closes the gate.</summary>
    Critical,
}
