using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>How an environment's secrets are kept.</summary>
public sealed record SecretSettings
{
    /// <summary>The store of references that name none: <c>kubernetes-secrets</c>, <c>vault</c>; null: each names its own.</summary>
    public string? Provider { get; init; }

    /// <summary>How each store is reached, by the provider's name; stores that need no settings are not here.</summary>
    public ImmutableSortedDictionary<string, SecretStore> Stores { get; init; } = ImmutableSortedDictionary.Create<string, SecretStore>(StringComparer.Ordinal);

    /// <summary>How they are encrypted, in the user's words; null: nothing is said.</summary>
    public string? Encryption { get; init; }

    /// <summary>The age at which a secret should be replaced; null: nothing is said.</summary>
    public TimeSpan? Rotation { get; init; }

    /// <summary>Who may read them, in the user's words; null: nothing is said.</summary>
    public string? AccessControl { get; init; }
}
