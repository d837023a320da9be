namespace Fairlead.SupplyChain;

/// <summary>Whether a signature counts.</summary>
/// <param name="Signer">Whose it is; null when it does not count.</param>
/// <param name="Problem">Why it does not count, as the end of a sentence ("…, which …"); null when it does.</param>
public sealed record SignatureResult(string? Signer, string? Problem)
{
    /// <summary>Whether it counts.</summary>
    public bool IsValid => Problem is null;

    internal static SignatureResult By(string signer) => new(signer, null);

    internal static SignatureResult Invalid(string problem) => new(null, problem);
}
