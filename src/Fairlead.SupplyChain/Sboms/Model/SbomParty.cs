namespace Fairlead.SupplyChain;

/// <summary>A person or an organisation.</summary>
/// <param name="Name">Its name.</param>
public sealed record SbomParty(string Name)
{
    /// <summary>A person; otherwise an organisation.</summary>
    public bool IsPerson { get; init; }

    /// <summary>An address for mail, or null.</summary>
    public string? Email { get; init; }

    /// <summary>The address of a page, or null.</summary>
    public string? Url { get; init; }
}
