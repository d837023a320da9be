namespace Fairlead.Deployment;

/// <summary>How an environment's secrets are kept.</summary>
public sealed record SecretSettings
{
    /// <summary>The secret store: <c>kubernetes-secrets</c>, <c>vault</c>; null: none.</summary>
    public string? Provider { get; init; }

    /// <summary>How they are encrypted, in the user's words; null: nothing is said.</summary>
    public string? Encryption { get; init; }

    /// <summary>The age at which a secret should be replaced; null: nothing is said.</summary>
    public TimeSpan? Rotation { get; init; }

    /// <summary>Who may read them, in the user's words; null: nothing is said.</summary>
    public string? AccessControl { get; init; }
}
