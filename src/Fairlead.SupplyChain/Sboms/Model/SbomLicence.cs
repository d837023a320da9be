namespace Fairlead.SupplyChain;

/// <summary>A licence as a component declares it.</summary>
/// <param name="Expression">
/// An SPDX expression. A licence that is only a file or an address is <c>LicenseRef-…</c>, named by the text's hash or the address; what cannot be read as an
/// expression stands here as it is.
/// </param>
public sealed record SbomLicence(string Expression)
{
    /// <summary>The address that was declared, or null.</summary>
    public string? Url { get; init; }

    /// <summary>The licence's text, where it is not on the SPDX list and comes with the component; otherwise null.</summary>
    public string? Text { get; init; }

    /// <summary>Where it was found, when it is not an expression of the package's own: a file's name, an address. For messages.</summary>
    public string? Source { get; init; }
}
