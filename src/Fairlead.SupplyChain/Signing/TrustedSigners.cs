using System.Collections.Immutable;

namespace Fairlead.SupplyChain;

/// <summary>Whose signatures count.</summary>
public sealed record TrustedSigners
{
    /// <summary>Keys.</summary>
    public ImmutableArray<VerificationKey> Keys { get; init; } = [];

    /// <summary>Who may sign without a key of their own, by a certificate for a workflow or a person; null: nobody.</summary>
    public KeylessSigners? Keyless { get; init; }

    /// <summary>Whether nobody is trusted, so that nothing can be verified.</summary>
    public bool IsEmpty => Keys.IsEmpty && Keyless is null;
}
